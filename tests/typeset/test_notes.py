"""Notes that break over pages: a case for each fault, and documents of numbered words.

A case file in `tests/cases/notes` is the body of a document. Its comment says what must hold, and gives facts
that are counted (`late = 0`), text that must stand in a note (`text = …`), and CSS. In the body, `{words 20}`
are numbered words of text, `{note 20}` a call with a note of so many words, `{tabled 20}` and `{floated 20}`
with a table or a float in the note, `{referring 20}` with a reference to the page of `far`, `{nested 100 20}` a
note of 100 words that calls one of 20 near its end, `{head}` a word that may be repeated.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import fuzz

from edition.pages import NotePart, Page
from edition.typeset.notes import note_findings, tally

CASES = sorted((Path(__file__).parent.parent / "cases" / "notes").glob("*.xml"))


class Case:
    """A case file, its body written out, with what `fuzz.check` has to know of it."""

    def __init__(self, path: Path) -> None:
        comment, body = re.fullmatch(r"<!--\n(.*?)\n-->\n(.*)", path.read_text(), re.S).groups()
        self.css = "".join(re.findall(r"^css: (.*)$", comment, re.M))
        self.facts = {name: int(number) for name, number in re.findall(r"^([a-z ]+) = (\d+)$", comment, re.M)}
        self.texts = re.findall(r"^text = (.*)$", comment, re.M)
        self.note_words: dict[int, int] = {}
        self.nested: set[int] = set()
        self.body_words = self.head_words = 0
        self.body = re.sub(r"\{(\w+) ?(\d*) ?(\d*)\}", self._write, body)

    call_order = fuzz.Maker.call_order

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
        return f"h{self.head_words - 1}"

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


def outcome(path: Path) -> fuzz.Report:
    """What is wrong with the pages of a case, with facts and texts that do not hold as faults."""
    case = Case(path)
    pages = fuzz.lay_out(case.xhtml, fuzz.STYLE + case.css)
    report = fuzz.check(case, fuzz.read(pages))
    for fact, number in case.facts.items():
        if report.counts[fact] != number:
            report.fault(f"{fact} = {report.counts[fact]}, not {number}")
    for text in case.texts:
        if not any(text == found for page in pages for found in note_lines(page)):
            report.fault(f"no line reads {text}")
    return report


def note_lines(page: Any) -> list[str]:
    """The text of each line in a page's note area."""
    area = [box for box in page.children if isinstance(box, fuzz.boxes.FootnoteAreaBox)]
    return [
        "".join(box.text for box in line.descendants() if isinstance(box, fuzz.boxes.TextBox)).strip()
        for part in area
        for line in part.descendants()
        if isinstance(line, fuzz.boxes.LineBox)
    ]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    report = outcome(path)
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
    found = [tally(page) for page in fuzz.lay_out(Case(path).xhtml)]
    assert [calls for calls, _ in found if calls] == [("n1",), ("n2",)]
    parts = [(part.id, part.continued) for _, parts in found for part in parts]
    assert parts[0] == ("n1", False)
    assert set(parts[1:-1]) <= {("n1", True), ("n2", False)}


CRASHED = [(52, "mixed", "long", "usual")]
"""A float that goes on fills a page in mid-paragraph: the engine's own way to leave the text out crashes."""

SMALL = [
    (seed, context, lengths, density)
    for seed in range(100, 102)
    for context in fuzz.CONTEXTS
    for lengths, density in (("short", "dense"), ("long", "sparse"), ("real", "usual"), ("huge", "sparse"))
]


@pytest.mark.parametrize("arguments", CRASHED + SMALL, ids=lambda arguments: "-".join(map(str, arguments)))
def test_numbered_words(arguments: tuple[int, str, str, str]) -> None:
    report = fuzz.run(arguments)
    assert not report.faults, report
