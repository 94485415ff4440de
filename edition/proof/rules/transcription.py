"""Rules of transcription: what a text is likely to have got on its way from the source into the file.

Nothing is ever changed: an old spelling, a writer's slip that is to stay, a doubled word that is meant are all for
the editor to judge.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from edition.findings import Severity
from edition.proof.rules.context import Context, DocumentChecks, PassageChecks
from edition.proof.rules.passages import Passage, Passages, token_at
from edition.proof.rules.registry import Hit
from edition.proof.rules.spelling import Speller

passages = PassageChecks()
documents = DocumentChecks()

_DOUBLED = re.compile(r"\b([^\W\d_]{2,})[ \n]+\1\b", re.IGNORECASE)
MEANT_TWICE = {"en": {"had", "that", "is", "very"}, "fr": {"nous", "vous"}, "de": {"die", "der", "das", "sie"}}
"""Words that stand twice in sound sentences, by language."""


@passages.rule("W001", Severity.WARNING)
def doubled_word(passage: Passage, context: Context) -> Iterator[Hit]:
    """A word stands twice in a row.

    Most are slips of the copyist where a line or a page ends. Delete one; if the source has both, allow it with
    that reason. Names of two equal words (Walla Walla), what stands twice in sound sentences (`had had`) and cells
    of tables are passed over.
    """
    for found in _DOUBLED.finditer(passage.text):
        word, again = found[1], found[0][-len(found[1]) :]
        is_name = word[0].isupper() and again[0].isupper()
        meant = MEANT_TWICE.get(passage.language[:2], set())
        if not is_name and word.lower() not in meant and passage.kind != "cell":
            yield Hit(passage.place(found.end() - len(word)), f"the word “{again}” stands twice")


_SPACE_BEFORE = re.compile(r"(?<=[^\W_]) +([,;:!?)\]]|\.(?![ .]*[.…])(?!\d))|(?<![^\s(\[])[(\[] +(?=\w)")


@passages.rule("W002", Severity.WARNING)
def space_before_punctuation(passage: Passage, context: Context) -> Iterator[Hit]:
    """A space stands before punctuation, or after an opening bracket.

    Points of an omission (`. . .`) keep their spaces, and so do the high signs of French (`;` `:` `!` `?`).
    """
    for found in _SPACE_BEFORE.finditer(passage.text):
        sign = found[0].strip()
        if sign in ";:!?" and passage.language_at(found.start())[:2] == "fr":
            continue
        side = "after" if sign in "([" else "before"
        yield Hit(passage.place(found.start()), f"a space stands {side} “{sign}”")


_NO_SPACE_AFTER = re.compile(r"(?<=[a-zà-ÿ]{2})[,;:](?=[^\W\d_]{2})|(?<=[a-zà-ÿ]{3})\.(?=[A-ZÀ-Þ][a-zà-ÿ])")


@passages.rule("W003", Severity.WARNING)
def no_space_after_punctuation(passage: Passage, context: Context) -> Iterator[Hit]:
    """No space stands after punctuation.

    `received,but` or `arrived.The`: a space was lost, or the sign is misread. Web addresses are passed over.
    """
    for found in _NO_SPACE_AFTER.finditer(passage.text):
        around = token_at(passage.text, found.start())
        if not re.search(r"://|www\.|@", around):
            yield Hit(passage.place(found.start()), f"no space stands after “{found[0]}” in “{around}”")


_DOUBLED_SIGN = re.compile(r",[,.;:]+|;[,.;:]+|:[,.;:]+|(?<!\.)\.\.(?! ?\.)|\.[;:](?=[;:])")


@passages.rule("W004", Severity.WARNING)
def doubled_punctuation(passage: Passage, context: Context) -> Iterator[Hit]:
    """Two signs of punctuation stand together that do not go together.

    `,,`, `;,`, `..`: one of them is a speck or a slip. A comma after the point of an abbreviation is passed over,
    and so are points of leaders and omissions, and cells of tables.
    """
    if passage.kind == "cell":
        return
    for found in _DOUBLED_SIGN.finditer(passage.text):
        yield Hit(passage.place(found.start()), f"the signs “{found[0]}” stand together")


_HYPHEN_SPACE = re.compile(
    r"(?<=[a-zà-ÿ])[-\u2010\u00ad] +(?!(?:and|or|to|nor|as|but|und|oder|bis|et|ou|y|o|e|u)\b)[a-zà-ÿ]+"
)
_HYPHEN_IN_WORD = re.compile(r"\b([A-ZÀ-Þa-zà-ÿ][a-zà-ÿ]+)[-\u2010]([a-zà-ÿ]{2,})\b(?![-\u2010’'])")


@passages.rule("W005", Severity.WARNING)
def hyphen_of_a_line_end(passage: Passage, context: Context) -> Iterator[Hit]:
    """A hyphen is left from a line end of the source.

    `Depart-ment`, `inter- national`: the word was divided where the source's line ended. A word with a hyphen
    counts as one of these if a dictionary has it in one piece and does not have one of its parts, so that
    `co-operation` and `to-day` stay.
    """
    for found in _HYPHEN_SPACE.finditer(passage.text):
        start = found.start() - len(re.split(r"\W", passage.text[: found.start()])[-1])
        yield Hit(passage.place(found.start()), f"a hyphen is left in “{passage.text[start : found.end()]}”")
    for found in _HYPHEN_IN_WORD.finditer(passage.text):
        language = passage.language_at(found.start())
        known = context.speller.knows
        if not context.speller.speaks(language) or not known(found[1] + found[2], language):
            continue
        if _is_compound(found[1], found[2], language, context.speller):
            continue
        hint = f"the dictionary has “{found[1]}{found[2]}”"
        yield Hit(passage.place(found.start()), f"a hyphen is left in “{found[0]}”", hint)


def _is_compound(first: str, second: str, language: str, speller: Speller) -> bool:
    """Whether both parts of a word with a hyphen are words: `to-day`, `open-hearted` by `heart`.

    Between two vowels a prefix often has a hyphen: `pre-emption`, `re-imbursement`.
    """
    is_prefix = first.lower() in PREFIXES
    if is_prefix and first[-1] in "aeiou" and second[0] in "aeiou":
        return True
    last = (second, second.removesuffix("ed"), second.removesuffix("d"), second.removesuffix("s"))
    return (is_prefix or speller.knows(first, language)) and any(speller.knows(part, language) for part in last)


PREFIXES = frozenset((
    "afore", "ante", "anti", "arch", "auto", "bi", "by", "circum", "co", "contra", "counter", "de", "di",
    "dis", "em", "en", "ex", "extra", "fac", "fore", "hyper", "il", "im", "in", "infra", "inter", "intra",
    "ir", "mal", "mid", "mini", "mis", "mono", "multi", "non", "off", "on", "out", "over", "para", "per",
    "poly", "post", "pre", "pro", "proto", "pseudo", "quasi", "re", "self", "semi", "sub", "super", "supra",
    "tele", "trans", "tri", "ultra", "un", "under", "uni", "up", "vice", "with",
))  # fmt: skip
"""What a hyphen may stand after in sound words."""

_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")


@cache
def script_of(char: str) -> str:
    """The script of a letter by its name in Unicode: `LATIN`, `CYRILLIC`; empty for what belongs to none."""
    if char.isascii():
        return "LATIN" if char.isalpha() else ""
    if not char.isalpha() or char in "µªº":
        return ""
    name = unicodedata.name(char, "").split(" ")[0]
    return {"FULLWIDTH": "LATIN", "KELVIN": "LATIN", "ANGSTROM": "LATIN", "OHM": "GREEK"}.get(name, name)


ALIKE = frozenset("аеорсухіјѕԁһӏАВЕЗКМНОРСТУХІЈЅЇїοαιυνρχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
"""Letters of Cyrillic and Greek that look like Latin ones."""
SCRIPTS = frozenset(("LATIN", "CYRILLIC", "GREEK"))


@passages.rule("W006", Severity.WARNING)
def letter_of_another_script(passage: Passage, context: Context) -> Iterator[Hit]:
    """A letter looks like one of another script.

    A Cyrillic `а` in a Latin word looks right, cannot be found and is set in another face. A word counts if it
    mixes Latin, Greek and Cyrillic, or is all of Cyrillic or Greek letters that look like Latin ones amid Latin
    words.
    """
    if passage.text.isascii():
        return
    for found in _WORD.finditer(passage.text):
        word = found[0]
        if word.isascii():
            continue
        scripts = Counter(script for script in map(script_of, word) if script in SCRIPTS)
        if len(scripts) > 1:
            usual = scripts.most_common(1)[0][0]
            odd = next(index for index, char in enumerate(word) if script_of(char) not in (usual, ""))
        elif scripts and "LATIN" not in scripts and set(word) <= ALIKE and _is_latin(passage.text, found.span()):
            odd = 0
        else:
            continue
        name = unicodedata.name(word[odd]).lower()
        yield Hit(passage.place(found.start() + odd), f"the word “{word}” has a letter of another script, {name}")


def _is_latin(text: str, word: tuple[int, int]) -> bool:
    """Whether the letters beside a word are Latin."""
    beside = [script_of(char) for char in text[max(0, word[0] - 12) : word[0]] + text[word[1] : word[1] + 12]]
    return "LATIN" in beside and not {"CYRILLIC", "GREEK"} & set(beside)


JOINERS = "\u200c\u200d"


@passages.rule("W007", Severity.WARNING)
def character_that_cannot_be_read(passage: Passage, context: Context) -> Iterator[Hit]:
    """A character has no meaning that is the same everywhere, or cannot be seen.

    Characters of the private use area mean what a font says; U+FFFD stands for one that was lost; unassigned ones
    are none; zero-width spaces and marks of direction stay in files unseen. A soft hyphen is passed over, and so
    are joiners where the script needs them.
    """
    if passage.text.isascii():
        return
    for offset, char in enumerate(passage.text):
        if char.isascii() or char == "\u00ad":
            continue
        category = unicodedata.category(char)
        if category in ("Co", "Cn", "Cs", "Cc") or char == "\ufffd":
            what = {"Co": "of the private use area", "Cn": "that is not assigned"}.get(category, "that was lost")
            yield Hit(passage.place(offset), f"here stands a character {what}, U+{ord(char):04X}")
        elif category == "Cf" and not (char in JOINERS and script_of(passage.text[offset - 1]) != "LATIN"):
            name = unicodedata.name(char, "unnamed").lower()
            yield Hit(passage.place(offset), f"here stands a character that cannot be seen, {name}", "delete it")


_DIGIT_IN_WORD = re.compile(r"(?<![\w./:-])[^\W\d_]*[a-z][01][a-z][^\W\d_]*(?![\w/:-])")
_LETTER_IN_NUMBER = re.compile(r"(?<![\w./:-])(?=[lIO]*\d[lIO]*\d)(?=\d*[lIO])[1-9lI][\dlIO]{2,}(?![\w/:-])")


@passages.rule("W008", Severity.WARNING)
def digit_for_a_letter(passage: Passage, context: Context) -> Iterator[Hit]:
    """A digit stands for a letter, or a letter for a digit.

    `w1th`, `19l8`, `1O0`: the reading of a scan took l, I and O for 1 and 0. File numbers and other codes with
    strokes, points or hyphens are passed over.
    """
    for pattern in (_DIGIT_IN_WORD, _LETTER_IN_NUMBER):
        for found in pattern.finditer(passage.text):
            yield Hit(passage.place(found.start()), f"“{found[0]}” has letters and digits mixed")


@cache
def confusions() -> dict[str, str]:
    """Misread words and what they stand for, from `confusions.txt`."""
    lines = (files(__package__) / "confusions.txt").read_text("utf-8").splitlines()
    return dict(line.split() for line in lines if line and not line.startswith("#"))


_PLAIN_WORD = re.compile(r"(?<![\w’'-])[^\W\d_]+(?![\w’'-])")


@passages.rule("W009", Severity.WARNING)
def misread_word(passage: Passage, context: Context) -> Iterator[Hit]:
    """A word is one that comes of misreading a scan.

    `tbe`, `aud`, `wliich` are no words of English, but what reading by machine makes of the, and, which. The list
    is `confusions.txt` beside this rule; words of the edition's own list (`words.txt`) are passed over.
    """
    known = confusions()
    for found in _PLAIN_WORD.finditer(passage.text):
        meant = known.get(found[0].lower())
        if meant is None or found[0][1:].isupper() or found[0].lower() in context.speller.own:
            continue  # capitals are an abbreviation
        if passage.language_at(found.start())[:2] == "en":
            yield Hit(passage.place(found.start()), f"“{found[0]}” may be misread", f"try “{meant}”")


_STRAIGHT, _CURLY = re.compile(r'(?<!\d)"'), re.compile("[“”„«»]")
_STRAIGHT_ONE, _CURLY_ONE = re.compile(r"(?<!\d)'"), re.compile("[‘’]")


@documents.rule("W011", Severity.INFO)
def mixed_quotes(passages: Passages, context: Context) -> Iterator[Hit]:
    """A document has straight quotes and curly ones.

    As nothing is educated, both are printed as they are. One of the two is probably a leftover of another program;
    the finding stands at the first of the fewer ones. Marks of inches and seconds after a digit are passed over.
    """
    for straight, curly, name in ((_STRAIGHT, _CURLY, "quotes"), (_STRAIGHT_ONE, _CURLY_ONE, "apostrophes")):
        plain, bent = (
            [(passage, sign.start()) for passage in passages.all for sign in signs.finditer(passage.text)]
            for signs in (straight, curly)
        )
        if plain and bent:
            passage, offset = min(plain, bent, key=len)[0]
            yield Hit(
                passage.place(offset), f"the document has {len(plain)} straight and {len(bent)} curly {name}"
            )
