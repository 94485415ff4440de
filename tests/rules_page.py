"""docs/rules.md, made from the docstrings of the rules and from what was measured: `python -m tests.rules_page`.

What was measured stands beside the cases: measured.tsv (findings read by a person), planted.tsv (faults planted).
"""

from __future__ import annotations

from pathlib import Path

from edition.findings import Rule
from edition.pipeline import all_rules
from edition.proof.rules import codes_for

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "rules.md"
CASES = ROOT / "tests" / "cases" / "rules"

FAMILIES = {
    "N": "Notes",
    "P": "Original pages",
    "R": "References",
    "W": "Transcription",
    "T": "Pages and typography",
    "S": "Structure",
    "C": "The finished PDF against the manuscript",
    "A": "Allowances",
    "X": "Index and lists",
    "L": "Styles",
    "F": "Files",
    "Y": "YAML and front matter",
    "M": "Markup",
    "I": "Import",
    "D": "PDFs and revisions that proofs are made with",
}
COVERED = {
    "notes": "never called N001; called but missing N102, N002; order and gaps of marks N004, N005; one label twice N101, "
    "N003; one mark twice on a page N201; not on its call's page T002, T001; over three pages or more N202",
    "original pages": "gap P003; twice P001; backwards P002; roman and arabic P004; inside a word P201; in a note P202; "
    "missing between two documents P203; start page P005, P204",
    "references": "to nowhere R001; to another volume R002; words that name another page R201, note or document R202; "
    "persons and terms R003",
    "transcription": "brackets W020; quotes W021, W011; doubled words W001; spaces and punctuation W002, W003, W004; hyphen "
    "of a line end W005; other scripts W006; private use, unseen and control characters W007, F105; misreadings W008, "
    "W009; spelling W010; names W013",
    "typography": "widow T101; orphan T102; short last line T103; hyphens in a row T104, at the end of a recto T105; one "
    "word thrice at the edge T106; loose, tight and overfull lines T107, T108, T110; river T109; heads at the foot T111, "
    "T112; no glyph L006, C024; strange face C025; what sticks out C023, T030; coarse pictures T113",
    "structure": "numbers S205; dates S202, S203, S204; ids S101, S102, S020, S206; empty document S201; no title S207",
}
INTRODUCTION = """# Rules

<!-- Made by `python -m tests.rules_page`; a test holds that it is up to date. -->

`edition check` looks for everything on this page. A finding says where in the source, what is wrong, and, once the pages are
made, on which page and line:

```
warning: content/documents/d212.md:14:7: W001 the word “the” stands twice (p. 143, line 12)
```

The line is counted from the top of the page; lines of notes are counted on. `edition explain W001` prints what this page says of a
rule. Nothing is ever changed by a rule.

| severity | what it means |
|---|---|
| error | the edition is not what was written, or cannot be made; it cannot be allowed, and the exit code is 1 |
| warning | to be looked at; most are faults |
| info | to be looked at by who reads proofs; many are none |

**Allowances.** `allow: {W001: "The letter has it so."}` in a document's front matter silences a rule in that document. The reason is
required, and an allowance that silences nothing is a finding (A001).

**Words.** `words.txt` beside `edition.yaml` is the edition's own list: a word a line, `#` before a remark. It is a file of its own, as it
grows to hundreds of words that are best sorted and compared line by line. A word in small letters covers its forms with
capitals.

**Dictionaries** are Hunspell's: those in `/usr/share/hunspell`, and the American English, Russian and Swedish ones that come with the
package that reads them. Where a language has none, its words are not looked up, and W012 says so.

**Asking for less.** `--select W,T107` shows only codes that begin so, `--ignore W010` leaves some out, `--manuscript` makes no pages and
is done in a few seconds for a whole volume. `--format lines` prints `path:line:column: severity: message [CODE]` for editors,
`github` annotations for a pull request, `sarif` and `json` are for programs.

**In a build** those rules of proofreading are applied that are worth an interruption: the warnings below. Infos wait for `edition check`.
`codes_for` in `edition/proof/rules/` is where that is decided.
"""


def page() -> str:
    """The whole page."""
    return "\n".join((INTRODUCTION, _covered(), _measured(), _planted(), _all_rules())).rstrip() + "\n"


def _covered() -> str:
    rows = "\n".join(f"| {subject} | {codes} |" for subject, codes in COVERED.items())
    return f"## What is looked for\n\n| subject | rules |\n|---|---|\n{rows}\n"


def _rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (CASES / name).read_text("utf-8").splitlines()[1:]]


def _measured() -> str:
    rules = all_rules()
    rows = [
        f"| {code} | {rules[code].severity} | {found} | {read} | {f'{100 * int(wanted) // int(read)} %' if int(read) else '–'} | {others} |"
        for code, found, read, wanted, others in _rows("measured.tsv")
    ]
    return (
        "## How many of the findings an editor would want\n\n"
        "Counted on the whole of the four volumes in TEI that are described in docs/volumes.md: 1,919 documents on 2,788 pages, with lines\n"
        "broken over the paragraph as they are by default. All findings were read, those of pages on the pages; of W010 a sample. Wanted\n"
        "is what one would look up in the scan or repair. These transcriptions have been proofread before and the builder's own lines hardly have\n"
        "faults, so that most figures are small. Rules that are not listed found nothing there.\n\n"
        "With lines broken one by one (`line-breaking: off`) more was found, on 282 pages: T104 17 times, T105 23 times and T103 twice, all of it\n"
        "wanted; T107 299 times, of 30 that were read 22 wanted; T109 5 times, 1 wanted.\n\n"
        "| rule | severity | found | read | wanted | what the others were |\n|---|---|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def _planted() -> str:
    rows = _rows("planted.tsv")
    of_rules = [(int(times), int(found)) for _, codes, times, found in rows if codes]
    share = sum(found for _, found in of_rules) / sum(times for times, _ in of_rules)
    lines = [
        f"| {name} | {codes or '–'} | {100 * int(found) // int(times)} |" for name, codes, times, found in rows
    ]
    return (
        "## Planted faults\n\n"
        f"One fault at a time was planted at random into clean documents, each kind {rows[0][2]} times "
        f"(`python -m tests.proof.seeding`). Of the {len(of_rules)} kinds that a rule is for {100 * share:.1f} % were found; "
        "for the others there is none.\n\n"
        "| fault | found by | found, % |\n|---|---|---|\n" + "\n".join(lines) + "\n"
    )


def _all_rules() -> str:
    known, proofreading = all_rules(), codes_for("check")
    parts = []
    for letter, title in FAMILIES.items():
        of_family = [rule for code, rule in known.items() if code[0] == letter]
        parts.append(f"## {letter}: {title}\n")
        parts += [_rule(rule, rule.code in proofreading) for rule in of_family]
    assert {code[0] for code in known} == set(FAMILIES)
    return "\n".join(parts)


def _rule(rule: Rule, is_proofreading: bool) -> str:
    first, _, rest = rule.explanation.partition("\n")
    where = ", in a check only" if is_proofreading and rule.code not in codes_for("build") else ""
    return f"**{rule.code}** ({rule.severity}{where}) {first}\n" + (f"\n{rest.strip()}\n" if rest.strip() else "")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
