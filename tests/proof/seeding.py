"""Faults of editors and of scans, planted one at a time at random into clean documents.

Each kind says which rules are to find it; a kind that no rule is for is planted as well, to know what is not found.
`python -m tests.proof.seeding` plants each kind many times and writes the shares to tests/cases/rules/planted.tsv.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from edition import manuscript
from edition.findings import EditionError, Finding
from edition.proof.rules import check_manuscript, codes_for
from edition.proof.rules.transcription import confusions
from edition.resolve import resolve
from edition.source import Source

PLANTED = Path(__file__).parent.parent / "cases" / "rules" / "planted.tsv"

NOUNS = (
    "harbor government minister treaty question letter evening company railway commission question answer captain "
    "document president department opinion agreement interest negotiation proposal representative telegram"
).split()
VERBS = "received considered discussed mentioned presented approved repeated announced examined explained".split()
ADVERBS = "yesterday carefully recently publicly formally briefly earlier promptly".split()
ADJECTIVES = "present foreign general important recent friendly official commercial public political".split()
DOCUMENTS = 8

Files = dict[str, str]
"""The text of each document by its id."""


def clean_documents(chance: random.Random) -> Files:
    """Documents without a fault: dates, numbers, pages and notes in order, all pairs whole."""
    return {f"d{number}": _document(number, chance) for number in range(1, DOCUMENTS + 1)}


def _document(number: int, chance: random.Random) -> str:
    page, day = 10 + 2 * number, chance.randrange(10, 20)
    return f"""---
id: d{number}
number: "{number}"
title: The {chance.choice(ADJECTIVES).title()} {chance.choice(NOUNS).title()}
date: 1934-0{number}-{day}
start-page: "{page}"
---

::: dateline
Washington, {MONTHS[number]} {day}, 1934.
:::

{_sentence(chance)} In {1900 + chance.randrange(11, 34)}, {_clause(chance)}.[^1] {_sentence(chance)}

{_sentence(chance)} The {chance.choice(NOUNS)} ({_clause(chance)}) was [Page {page + 1}] {_clause(chance)} [{chance.choice(ADJECTIVES)}]. {_sentence(chance)}

{_sentence(chance)} Pakenham said, “{_clause(chance)},” and {_clause(chance)}.[^2] See [p. {page + 1}](#page-{page + 1}) and [note 1](#d{number}-n1). {_sentence(chance)}

{_sentence(chance)} {_sentence(chance)} Pakenham {chance.choice(VERBS)} [Page {page + 2}] the {chance.choice(NOUNS)}.[^3]

[^1]: {_sentence(chance)}
[^2]: {_sentence(chance)}
[^3]: {_sentence(chance)}
"""


MONTHS = ["", "January", "February", "March", "April", "May", "June", "July", "August"]


def _clause(chance: random.Random) -> str:
    adjective, noun, other = chance.choice(ADJECTIVES), *chance.sample(NOUNS, 2)
    return f"the {adjective} {noun} {chance.choice(VERBS)} {chance.choice(ADVERBS)} the {other}"


def _sentence(chance: random.Random) -> str:
    clause = _clause(chance)
    return f"{clause[0].upper()}{clause[1:]}, and that {chance.choice(NOUNS)} had {_clause(chance)}."


# How a fault is planted


@dataclass(frozen=True)
class Kind:
    name: str
    codes: tuple[str, ...]
    """The rules that are to find it, any of them; none where there is no rule."""
    plant: Callable[[Files, str, random.Random], None]
    """Changes the text of the document with an id, in place."""


def _at_one(pattern: str, new: str | Callable[[re.Match[str], random.Random], str]) -> Callable[..., None]:
    """Replace one of the matches of a pattern in the body, at random."""

    def plant(files: Files, name: str, chance: random.Random) -> None:
        text = files[name]
        body = text.index(":::\n\n") + 5
        found = chance.choice(list(re.compile(pattern, re.M).finditer(text, body)))
        put = new(found, chance) if callable(new) else found.expand(new)
        files[name] = text[: found.start()] + put + text[found.end() :]

    return plant


def _everywhere(pattern: str, new: str | Callable[[re.Match[str]], str]) -> Callable[..., None]:
    """Replace the first match of a pattern in the whole file, front matter included."""

    def plant(files: Files, name: str, chance: random.Random) -> None:
        changed, times = re.subn(pattern, new, files[name], count=1, flags=re.M)
        assert times, f"nothing in {name} matches {pattern}"
        files[name] = changed

    return plant


def _swapped(found: re.Match[str], chance: random.Random) -> str:
    word = found[0]
    places = [place for place in range(1, len(word) - 2) if word[place] != word[place + 1]]
    place = chance.choice(places)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _misspelt(found: re.Match[str], chance: random.Random) -> str:
    """A name with one of its letters left out, written twice, exchanged with the next, or another."""
    name = found[0]
    place = chance.randrange(1, len(name) - 2)
    other = chance.choice([letter for letter in "aeioulnrst" if letter != name[place]])
    return chance.choice((
        name[:place] + name[place + 1 :], name[:place] + name[place] + name[place:],
        name[:place] + name[place + 1] + name[place] + name[place + 2 :], name[:place] + other + name[place + 1 :],
    ))  # fmt: skip


def _misread(found: re.Match[str], chance: random.Random) -> str:
    return chance.choice([misread for misread, meant in confusions().items() if meant == found[0]])


def _digit(found: re.Match[str], chance: random.Random) -> str:
    """A word with the digit that looks like one of its inner letters."""
    word = found[0]
    place = chance.choice([place for place in range(1, len(word) - 1) if word[place] in "ilo"])
    return word[:place] + ("0" if word[place] == "o" else "1") + word[place + 1 :]


def _with(sign: str, letter: str) -> Callable[[re.Match[str], random.Random], str]:
    return lambda found, chance: found[0].replace(letter, sign, 1)


def _divided(sign: str) -> Callable[[re.Match[str], random.Random], str]:
    """A word divided where a line may end, by the patterns of its language."""
    import pyphen

    return lambda found, chance: sign.join(chance.choice(list(pyphen.Pyphen(lang="en_US").iterate(found[0]))))


def _renumber_page(files: Files, name: str, chance: random.Random) -> None:
    old = chance.choice(re.findall(r"\[Page (\d+)\] ", files[name]))
    new = int(old) + chance.choice((-20, 30, 100))
    files[name] = files[name].replace(f"[Page {old}]", f"[Page {new}]")


W = r"\b[a-z]{4,}\b"
LONG = r"\b(?:government|commission|department|negotiation|representative|agreement|commercial|political)\b"
KINDS = (
    Kind("a word twice", ("W001",), _at_one(W, r"\g<0> \g<0>")),
    Kind("a word twice, across a page break", ("W001",), _at_one(r"(\w+) \[Page (\d+)\] ", r"\1 [Page \2] \1 ")),
    Kind("a space before a comma", ("W002",), _at_one(r",(?= )", " ,")),
    Kind("a space before a point", ("W002",), _at_one(r"(?<=[a-z])\.(?= [A-Z])", " .")),
    Kind("a space after a bracket", ("W002",), _at_one(r" \(", " ( ")),
    Kind("no space after a comma", ("W003",), _at_one(r"(?<=[a-z]), (?=[a-z])", ",")),
    Kind("no space after a point", ("W003",), _at_one(r"(?<=[a-z])\. (?=[A-Z])", ".")),
    Kind("two commas", ("W004",), _at_one(r",(?= )", ",,")),
    Kind("two points", ("W004",), _at_one(r"(?<=[a-z])\.(?= [A-Z])", "..")),
    Kind("a hyphen of a line end", ("W005",), _at_one(LONG, _divided("-"))),
    Kind("a hyphen of a line end, and a space", ("W005",), _at_one(LONG, _divided("- "))),
    Kind("a Cyrillic letter", ("W006",), _at_one(r"\b[a-z]*a[a-z]+\b", _with("\u0430", "a"))),
    Kind("a Greek letter", ("W006",), _at_one(r"\b[a-z]*o[a-z]+\b", _with("\u03bf", "o"))),
    Kind("a character of the private use area", ("W007",), _at_one(W, "\\g<0>\ue5dc")),
    Kind("a zero-width space", ("W007",), _at_one(W, "\\g<0>\u200b")),
    Kind("a replacement character", ("W007",), _at_one(W, "\ufffd")),
    Kind("a digit for a letter", ("W008",), _at_one(r"\b[a-z]+[ilo][a-z]+\b", _digit)),
    Kind("a letter for a digit", ("W008",), _at_one(r"\b19\d\d\b", lambda found, chance: "l" + found[0][1:])),
    Kind("a misread word", ("W009",), _at_one(r"\b(?:the|that|and|had)\b", _misread)),
    Kind("two letters exchanged", ("W010", "W009"), _at_one(r"\b[a-z]{6,}\b", _swapped)),
    Kind("a letter left out", ("W010", "W009"), _at_one(r"\b([a-z]{3})[a-z]([a-z]{3,})\b", r"\1\2")),
    Kind("a name misspelt", ("W013",), _at_one("Pakenham", _misspelt)),
    Kind("a straight quote", ("W011",), _at_one(r"“", '"')),
    Kind("a closing bracket lost", ("W020",), _at_one(r"(?<=[a-z])[)]", "")),
    Kind("an opening bracket lost", ("W020",), _at_one(r" \((?=[a-z])", " ")),
    Kind("a square bracket lost", ("W020",), _at_one(r"\[(?=[a-z]+\]\.)", "")),
    Kind("a closing quote lost", ("W021",), _at_one("”", "")),
    Kind("an opening quote lost", ("W021",), _at_one("“", "")),
    Kind("a space lost at a page break", ("P201",), _at_one(r" (\[Page \d+\]) ", r"\1")),
    Kind("a page number twice", ("P001",), _at_one(r"(\[Page \d+\]) the", r"\1 the \1 the")),
    Kind("a page number misread", ("P002", "P003", "P005"), _renumber_page),
    Kind("a page break lost before another", ("P003",), _at_one(r"was \[Page \d+\] ", "was ")),
    Kind("a roman page number", ("P004",), _at_one(r"\[Page \d+\]", "[Page xi]")),
    Kind("a wrong start page", ("P005", "P002", "P003", "P203"), _everywhere(r'^start-page: "(\d)(\d)"', r'start-page: "\g<2>9\1"')),
    Kind("no start page", ("P204",), _everywhere(r"^start-page: .*\n", "")),
    Kind("a page break in a note", ("P202",), _at_one(r"(\[\^1\]: The) ", r"\1 [Page 99] ")),
    Kind("a note that is not called", ("N001",), _at_one(r"\[\^\d\](?!:)", "")),
    Kind("a note lost", ("N102",), _at_one(r"^\[\^\d\]: .*\n", "")),
    Kind("a call with another number", ("N001", "N102", "N004"), _at_one(r"\[\^3\](?!:)", "[^1]")),
    Kind("a note twice", ("N101",), _at_one(r"^\[\^2\]:", "[^1]:")),
    Kind("notes out of order", ("N004",), lambda files, name, chance: files.update({name: files[name].replace("[^2] See", "[^3] See").replace(".[^3]\n", ".[^2]\n")})),
    Kind("a reference to nowhere", ("R001",), _at_one(r"\(#page-(\d+)\)", r"(#page-9\1)")),
    Kind("a reference that names another page", ("R201",), _at_one(r"\[p\. (\d+)\]", r"[p. 9\1]")),
    Kind("a reference that names another note", ("R202",), _at_one(r"\[note 1\]", "[note 3]")),
    Kind("another month", ("S203",), _everywhere(r"^date: 1934-0\d", "date: 1934-11")),
    Kind("a day that is none", ("S202",), _everywhere(r"^date: 1934-0(\d)-..", r"date: 1934-0\1-45")),
    Kind("a number twice", ("S205",), lambda files, name, chance: files.update({name: re.sub(r'^number: "(\d)"', lambda found: f'number: "{(int(found[1]) + 3) % 9 + 2}"', files[name], count=1, flags=re.M)})),
    Kind("an empty document", ("S201",), lambda files, name, chance: files.update({name: files[name].split("::: dateline")[0]})),
    Kind("an id twice", ("S102",), _everywhere(r"^id: d(\d)", lambda found: f"id: d{int(found[1]) % DOCUMENTS + 1}")),
    Kind("an id that is not the file's", ("S206",), _everywhere(r"^id: d", "id: doc")),
    Kind("no title and no number", ("S207",), _everywhere(r"^number: .*\ntitle: .*\n", "")),
    Kind("the last page break lost", (), _at_one(r"\[Page \d+\] (?=the \w+\.\[)", "")),
    Kind("a word left out", (), _at_one(r" [a-z]{4,}(?= )", "")),
    Kind("another word that is one", (), _at_one(r"\bhad\b", "has")),
)  # fmt: skip


def found_in(files: Files, folder: Path) -> set[Finding]:
    """All findings that need no page."""
    (folder / "documents").mkdir(parents=True)
    names = "".join(f"  - documents/{name}.md\n" for name in files)
    (folder / "edition.yaml").write_text(f"title: The Harbor\nlanguage: en-US\ncontents:\n{names}")
    for name, text in files.items():
        (folder / "documents" / f"{name}.md").write_text(text)
    try:
        edition, findings = manuscript.load(folder)
    except EditionError as error:
        return set(error.findings)
    sources = {str(path): Source(str(path), path.read_text()) for path in (folder / "documents").iterdir()}
    found = check_manuscript(edition, sources, (), codes_for("check"))
    return {*findings, *resolve(edition).findings, *found}


def is_found(kind: Kind, seed: int) -> bool:
    """Plant a fault of a kind into clean documents and see whether one of its rules finds it, in its document."""
    chance = random.Random(f"{kind.name} {seed}")
    files = clean_documents(chance)
    name = f"d{chance.randrange(2, DOCUMENTS)}"
    kind.plant(files, name, chance)
    with TemporaryDirectory() as folder:
        findings = found_in(files, Path(folder) / "edition")
    near = (name, f"d{int(name[1:]) + 1}")  # what is missing shows in the document after
    return any(
        finding.code in kind.codes and finding.place and Path(finding.place.path).stem in near
        for finding in findings
    )


def main(times: int) -> None:
    lines = ["fault\trules\tplanted\tfound"]
    for kind in KINDS:
        found = sum(is_found(kind, seed) for seed in range(times))
        lines.append(f"{kind.name}\t{', '.join(kind.codes)}\t{times}\t{found}")
        print(lines[-1])
    PLANTED.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
