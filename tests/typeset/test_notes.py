"""Notes that break over pages: a case for each fault, and documents of numbered words.

A case file in `tests/cases/notes` is the body of a document. Its comment says what must hold, and gives facts
that are counted (`late = 0`), text that must stand in a note (`text = …`), and CSS. In the body, `{words 20}`
are numbered words of text, `{note 20}` a call with a note of so many words, `{tabled 20}` and `{floated 20}`
with a table or a float in the note, `{referring 20}` with a reference to the page of `far`, `{nested 100 20}` a
note of 100 words that calls one of 20 near its end, `{head}` a word that may be repeated.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from edition.pages import NotePart, Page
from edition.typeset.notes import note_findings, tally
from tests.typeset import fuzz, numbered

STYLE = """
@page { size: 140mm 190mm; margin: 15mm;
  @footnote { border-top: .4pt solid; padding-top: 3pt; margin-top: 6pt; max-height: 62% } }
html { font: 10pt/12pt "DejaVu Serif"; text-align: justify; hyphens: manual }
p { margin: 0; text-indent: 1em; orphans: 2; widows: 2 }
h1, h2 { font-size: 12pt; line-height: 12pt; margin: 12pt 0; break-after: avoid }
h1 { break-before: page }
table { border-collapse: collapse; margin: 6pt 0 }
td, th { border: .3pt solid; padding: 1pt; vertical-align: top }
figure { margin: 6pt 0; break-inside: avoid }
figure div { height: 30mm; background: #ccc }
.whole { break-inside: avoid; border: 1px solid }
.columns { columns: 2 }
.aside { float: left; width: 40mm; margin-right: 3mm }
.break { break-before: page; text-indent: 0 }
a.call { vertical-align: super; font-size: 70%; line-height: 0 }
aside.note { float: footnote; footnote-display: block; footnote-policy: line; orphans: 2; widows: 2;
  font-size: 8pt; line-height: 9.5pt }
aside.note p, aside.note ul { margin: 0 }
aside.note blockquote { margin: 3pt 1em }
aside.note::footnote-call, aside.note::footnote-marker { content: "" }
"""

CASES = sorted((Path(__file__).parent.parent / "cases" / "notes").glob("*.xml"))


class Case:
    """A case file, its body written out, with what `numbered.check` has to know of it."""

    def __init__(self, path: Path) -> None:
        comment, body = re.fullmatch(r"<!--\n(.*?)\n-->\n(.*)", path.read_text(), re.S).groups()
        self.css = "".join(re.findall(r"^css: (.*)$", comment, re.M))
        self.facts = {name: int(number) for name, number in re.findall(r"^([a-z ]+) = (\d+)$", comment, re.M)}
        self.texts = re.findall(r"^text = (.*)$", comment, re.M)
        self.note_words: dict[int, int] = {}
        self.nested: set[int] = set()
        self.body_words = self.head_words = 0
        self.body = re.sub(r"\{(\w+) ?(\d*) ?(\d*)\}", self._write, body)

    @property
    def call_order(self) -> dict[int, int]:
        """The place of each note in the order of the calls, those in a note after it."""
        calls = re.findall(r'class="call" id="n(\d+)-r1"', self.body)
        return {int(note): place for place, note in enumerate(calls)}

    @property
    def xhtml(self) -> str:
        return f'<html lang="en"><head><title>case</title></head><body>{self.body}</body></html>'

    def _write(self, match: re.Match[str]) -> str:
        kind, *numbers = match.groups()
        return getattr(self, f"_{kind}")(*(int(number) for number in numbers if number))

    def _words(self, count: int) -> str:
        first, self.body_words = self.body_words, self.body_words + count
        return " ".join(f"b{number}lorem" for number in range(first, first + count)) + " "

    def _head(self) -> str:
        self.head_words += 1
        return f"h{self.head_words - 1}x"

    def _note_words(self, count: int) -> tuple[int, list[str]]:
        key = len(self.note_words) + 1
        self.note_words[key] = count
        return key, [f"q{key}w{number}ipsum" for number in range(count)]

    def _framed(self, key: int, inner: str) -> str:
        return (
            f'<a class="call" id="n{key}-r1" href="#n{key}">{key}</a>'
            f'<aside class="note" id="n{key}">{inner}</aside>'
        )

    def _note(self, count: int) -> str:
        key, words = self._note_words(count)
        return self._framed(key, f"<p>{' '.join(words)}</p>")

    def _tabled(self, count: int) -> str:
        key, words = self._note_words(count)
        rows = "".join(f"<tr><td>{' </td><td>'.join(words[n : n + 3])}</td></tr>" for n in range(5, count, 3))
        return self._framed(key, f"<p>{' '.join(words[:5])}</p><table><tbody>{rows}</tbody></table>")

    def _floated(self, count: int) -> str:
        key, words = self._note_words(count)
        inner = f'<p>{words[0]}</p><div style="float: left">{" ".join(words[1:])}</div>'
        return self._framed(key, inner)

    def _referring(self, count: int) -> str:
        key, words = self._note_words(count)
        words[10] += ' <a class="ref" href="#far">here</a>'
        return self._framed(key, f"<p>{' '.join(words)}</p>")

    def _nested(self, count: int, inner: int) -> str:
        key, words = self._note_words(count)
        words[-12] += self._note(inner)
        self.nested.add(key + 1)
        return self._framed(key, f"<p>{' '.join(words)}</p>")


RUN_IN = """
aside.note { footnote-display: inline }
aside.note::after { content: " "; word-spacing: 1em }
"""


def outcome(path: Path) -> numbered.Report:
    """What is wrong with the pages of a case, with facts and texts that do not hold as faults."""
    case = Case(path)
    pages = fuzz.lay_out(case.xhtml, STYLE + case.css)
    report = numbered.check(case, numbered.read(pages))
    for fact, number in case.facts.items():
        if report.counts[fact] != number:
            report.fault(f"{fact} = {report.counts[fact]}, not {number}")
    for text in case.texts:
        if not any(text == found for page in pages for found in note_lines(page)):
            report.fault(f"no line reads {text}")
    return report


def note_lines(page: Any) -> list[str]:
    """The text of each line in a page's note area."""
    area = [box for box in page.children if isinstance(box, numbered.boxes.FootnoteAreaBox)]
    return [
        "".join(box.text for box in line.descendants() if isinstance(box, numbered.boxes.TextBox)).strip()
        for part in area
        for line in part.descendants()
        if isinstance(line, numbered.boxes.LineBox)
    ]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    report = outcome(path)
    assert not report.faults, report


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case_with_notes_run_in(path: Path) -> None:
    """Other lines hold other notes then; what holds of every document holds of these."""
    case = Case(path)
    report = numbered.check(case, numbered.read(fuzz.lay_out(case.xhtml, STYLE + case.css + RUN_IN)))
    assert not report.faults, report


def page(index: int, calls: tuple[str, ...], *parts: tuple[str, bool]) -> Page:
    """A page with calls and parts of notes."""
    notes = tuple(NotePart(note, continued) for note, continued in parts)
    return Page(index, str(index + 1), "recto", False, "main", 1, 1, {}, calls, notes)


@pytest.mark.parametrize(
    ("pages", "codes"),
    [
        ([page(0, ("a",), ("a", False)), page(1, (), ("a", True))], []),
        ([page(0, ("a",)), page(1, (), ("a", False))], ["T002"]),
        ([page(0, ("a", "b"), ("b", False))], ["T001"]),
        ([page(0, ("a",), ("a", False)), page(1, ()), page(2, (), ("a", True))], ["T003"]),
        ([page(0, ("a",), ("a", False)), page(1, (), ("a", False))], ["T003"]),
        ([page(0, (), ("a", False)), page(1, ("a",))], ["T003"]),
    ],
    ids=["whole", "late", "lost", "torn", "twice", "early"],
)
def test_what_became_of_the_notes(pages: list[Page], codes: list[str]) -> None:
    assert [finding.code for finding in note_findings(pages)] == codes


def test_calls_and_parts_are_read_from_the_pages() -> None:
    path = next(path for path in CASES if path.stem == "forced_break_while_a_note_goes_on")
    found = [tally(page) for page in fuzz.lay_out(Case(path).xhtml, STYLE)]
    assert [calls for calls, _ in found if calls] == [("n1",), ("n2",)]
    parts = [(part.id, part.continued) for _, parts in found for part in parts]
    assert parts[0] == ("n1", False)
    assert set(parts[1:-1]) <= {("n1", True), ("n2", False)}


SMALL = [
    fuzz.Order(seed, kind, style, mode, columns=seed % 4 == 3, run_in=seed == 2)
    for kind in fuzz.KINDS
    if kind not in ("huge-usual", "huge-dense")
    for seed in range(3)
    for style in fuzz.STYLES
    for mode in fuzz.MODES
]
"""Of the first seed the PDF is read as well; of the last the notes run on."""


@pytest.mark.parametrize("order", SMALL, ids=str)
def test_numbered_words(order: fuzz.Order) -> None:
    report = fuzz.run(order, blocks=1)
    assert not report.faults, report
