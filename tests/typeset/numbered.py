"""Pages of documents whose words are numbered: what stands on them, and what must hold of it.

Every word says where it belongs: `b17` is the 17th of the text, `q3w5` the 5th of the third note, `h2` stands in
a table head, which is repeated. Letters behind the number only give it a length. This module knows the page boxes
and the PDF; it knows neither how documents are made nor how notes are set.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
from weasyprint.formatting_structure import boxes

NUMBERED = re.compile(r"(b|h|q)(\d+)(?:w(\d+))?(?=[a-z])", re.I)
LONGEST = "most pages of a note"


@dataclass
class SetLine:
    """A line on a page. `whole_top` is the top of what holds it and may not be broken: a row, a head."""

    top: float
    bottom: float
    calls: list[int]
    """The notes called first in the line."""
    text_words: list[int]
    head_words: list[int]
    note_words: list[tuple[int, int]]
    whole_top: float
    floated: bool


@dataclass
class Sheet:
    """A page as it was set."""

    top: float
    bottom: float
    text: list[SetLine] = field(default_factory=list)
    notes: list[SetLine] = field(default_factory=list)
    in_columns: bool = False

    @property
    def words(self) -> Counter[str]:
        """All numbered words of the page, as they begin."""
        return Counter(
            word
            for line in [*self.text, *self.notes]
            for word in (
                *(f"b{number}" for number in line.text_words),
                *(f"h{number}" for number in line.head_words),
                *(f"q{note}w{number}" for note, number in line.note_words),
            )
        )


def read(pages: Sequence[Any]) -> list[Sheet]:
    """The lines on the engine's page boxes, text and notes apart."""
    sheets = []
    for page in pages:
        sheet = Sheet(page.content_box_y(), page.content_box_y() + page.height)
        for child in page.children:
            if not isinstance(child, boxes.MarginBox):
                into = sheet.notes if isinstance(child, boxes.FootnoteAreaBox) else sheet.text
                into.extend(_lines(child))
        sheet.in_columns = any(box.style["column_count"] != "auto" for box in page.descendants())
        sheets.append(sheet)
    return sheets


def _lines(box: Any, whole_top: float | None = None, floated: bool = False) -> Iterator[SetLine]:
    if isinstance(box, boxes.LineBox):
        line = _set_line(box, whole_top, floated)
        if line.calls or line.text_words or line.head_words or line.note_words:
            yield line
        return
    whole = isinstance(box, boxes.TableRowBox) or box.style["break_inside"] == "avoid"
    if whole_top is None and whole:
        whole_top = box.position_y
    for child in getattr(box, "children", ()):
        yield from _lines(child, whole_top, floated or box.is_floated())


def _set_line(box: Any, whole_top: float | None, floated: bool) -> SetLine:
    within = list(box.descendants())
    found = NUMBERED.findall(" ".join(child.text for child in within if isinstance(child, boxes.TextBox)))
    return SetLine(
        box.position_y,
        box.position_y + box.height,
        [note_key(child.footnote.element.get("id")) for child in within if child.footnote is not None],
        [int(number) for kind, number, _ in found if kind in "bB"],
        [int(number) for kind, number, _ in found if kind in "hH"],
        [(int(note), int(number)) for kind, note, number in found if kind in "qQ"],
        box.position_y if whole_top is None else whole_top,
        floated,
    )


def note_key(anchor: str) -> int:
    """The number of the note with an id: 3 for `n3` and for `d1-e2-n3`."""
    return int(anchor.rsplit("n", 1)[1])


def words_in_pdf(pdf: bytes) -> list[Counter[str]]:
    """The numbered words that pdfium reads on each page of a PDF, off the page left out."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_bounded().lower() for page in document]
    return [Counter(f"{a}{b}w{c}" if c else f"{a}{b}" for a, b, c in NUMBERED.findall(text)) for text in texts]


@dataclass
class Report:
    """What was found wrong in a document, and what is only worth counting."""

    faults: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, Any] = field(default_factory=dict)
    late: set[int] = field(default_factory=set)

    def fault(self, kind: str, what: Any = None) -> None:
        self.faults[kind] += 1
        self.first.setdefault(kind, what)

    def count(self, kind: str, what: Any = None, number: int = 1) -> None:
        self.counts[kind] += number
        self.first.setdefault(kind, what)

    def add(self, other: Report, where: Any) -> None:
        longest = max(self.counts[LONGEST], other.counts[LONGEST])
        self.faults += other.faults
        self.counts += other.counts
        self.counts[LONGEST] = longest
        for kind, what in other.first.items():
            self.first.setdefault(kind, (*where, what))


def check(made: Any, sheets: list[Sheet]) -> Report:
    """What is wrong on the pages of a document with numbered words.

    `made` has `note_words` (how many words each note has), `call_order`, `nested`, `body_words` and `head_words`.
    """
    report = Report()
    report.count("documents")
    report.count("pages", number=len(sheets))
    report.count("notes", number=len(made.note_words))
    for number, sheet in enumerate(sheets):
        _check_sheet(sheet, number, report)
    _check_text(made, sheets, report)
    _check_notes(made, sheets, report)
    return report


def check_pdf(sheets: list[Sheet], pdf: bytes, report: Report) -> None:
    """Whether pdfium reads on each page what its boxes say."""
    for number, (sheet, words) in enumerate(zip(sheets, words_in_pdf(pdf), strict=True)):
        if sheet.words != words:
            difference = [*(sheet.words - words), *(words - sheet.words)]
            report.fault("pdfium reads other words", (number + 1, difference[:3]))


def _check_sheet(sheet: Sheet, number: int, report: Report) -> None:
    for kind, set_lines in (("text", sheet.text), ("note", sheet.notes)):
        for line in set_lines:
            if line.bottom > sheet.bottom + 1:
                report.fault(f"{kind} below the page", number + 1)
            if line.top < sheet.top - 1:
                report.fault(f"{kind} above the page", number + 1)
    text_end = max((line.bottom for line in sheet.text), default=sheet.top)
    notes_top = min((line.top for line in sheet.notes), default=sheet.bottom)
    if text_end > notes_top + 1:
        report.fault("notes over text", number + 1)
    if any(line.note_words for line in sheet.text):
        report.fault("note in the text", number + 1)
    if sheet.notes and not sheet.text:
        report.count("pages of notes alone", number + 1)


def _check_text(made: Any, sheets: list[Sheet], report: Report) -> None:
    found = Counter(word for sheet in sheets for line in sheet.text for word in line.text_words)
    for word in range(made.body_words):
        if not found[word]:
            report.fault("word of the text lost", word)
        elif found[word] > 1:
            report.fault("word of the text doubled", word)
    seen = {head for sheet in sheets for line in sheet.text for head in line.head_words}
    for head in range(made.head_words):
        if head not in seen:
            report.fault("word of a table head lost", head)


def _check_notes(made: Any, sheets: list[Sheet], report: Report) -> None:
    called: dict[int, int] = {}
    words: dict[int, list[int]] = defaultdict(list)
    on: dict[int, list[int]] = defaultdict(list)
    short: set[int] = set()
    """Notes with a single line on the page where they begin."""
    for number, sheet in enumerate(sheets):
        for line in [*sheet.text, *sheet.notes]:
            for call in line.calls:
                called.setdefault(call, number)
        for line in sheet.notes:
            for note, word in line.note_words:
                words[note].append(word)
                if number not in on[note]:
                    on[note].append(number)
        begun = Counter(note for line in sheet.notes for note in {key for key, _ in line.note_words})
        for note, count in begun.items():
            if count == 1 and on[note] == [number]:
                short.add(note)
    _check_order(made, len(sheets), called, on, report)
    for note, count in made.note_words.items():
        _check_note(note, count, words[note], on[note], called.get(note), report)
        if note in short and len(on[note]) > 1:
            report.count("begun with one line", note)
        if note in called and on[note] and on[note][0] > called[note]:
            report.late.add(note)
            report.count("late", note)
            why = _why_late(note, sheets[called[note]])
            report.count(f"late: {why}", note)
            if why.startswith("unexplained"):
                report.fault("late without a reason", note)


def _check_order(made: Any, pages: int, called: dict[int, int], on: dict[int, list[int]], report: Report) -> None:
    """On each page notes stand in the order of their calls, a nested one after its caller.

    Where a float moved to a later page than the text after it, both orders are right.
    """
    place = made.call_order
    for number in range(pages):
        order = [note for note, its_pages in on.items() if number in its_pages]
        by_place = sorted(order, key=lambda note: place[note])
        by_page = sorted(order, key=lambda note: (called.get(_caller(made, note), 0), place[note]))
        if order not in (by_place, by_page):
            report.fault("notes out of order on a page", number + 1)


def _caller(made: Any, note: int) -> int:
    """The note that calls a nested one, which stands before it; else the note itself."""
    if note not in made.nested:
        return note
    place = made.call_order
    return next(other for other, number in place.items() if number == place[note] - 1)


def _check_note(
    note: int, count: int, words: list[int], on: list[int], called: int | None, report: Report
) -> None:
    if called is None:
        report.fault("call lost", note)
    if not words:
        report.fault("note lost", note)
        return
    if words != list(range(count)):
        report.fault("words of a note lost, doubled or moved", note)
    if called is not None and on[0] < called:
        report.fault("note before its call", note)
    if on != list(range(on[0], on[0] + len(on))):
        report.fault("note torn", note)
    if len(on) > 1:
        report.count("notes over several pages", note)
        report.counts[LONGEST] = max(report.counts[LONGEST], len(on))


def _why_late(note: int, sheet: Sheet) -> str:
    """Why the text leaves a note no room on the page of its call; `unexplained` if one does not see why."""
    mine = next((line for line in sheet.text if note in line.calls), None)
    if mine is None:
        return _why_nested_is_late(note, sheet)
    if mine.floated:
        return "in a float"
    first = min(line.top for line in sheet.text)
    if mine.top < first + 2:
        if mine.calls[0] != note:
            return "a later call of the page's first line"
        others = (line for line in sheet.text if line.calls and line is not mine)
        beside = any(line.top < first + 2 or line.whole_top == mine.whole_top for line in others)
        if beside:
            return "beside other calls of the page's first row"
        return "at the head of a later column" if sheet.in_columns else "unexplained: the page's first line"
    if mine.whole_top < first + 2:
        return "in what cannot be broken and begins the page"
    return "in columns" if sheet.in_columns else "unexplained: in the text"


def _why_nested_is_late(note: int, sheet: Sheet) -> str:
    index = next((index for index, line in enumerate(sheet.notes) if note in line.calls), None)
    if index is None:
        return "unexplained: no line calls it"
    (caller, _), *_ = [word for word in sheet.notes[index].note_words if word[0] != note]
    lines = [line for line in sheet.notes[: index + 1] if any(key == caller for key, _ in line.note_words)]
    if not any(word == (caller, 0) for line in lines for word in line.note_words):
        return "called in the first lines of a note that goes on" if len(lines) <= 2 else "unexplained: nested"
    called = next((line for line in sheet.text if caller in line.calls), None)
    if called is not None and called.whole_top < min(line.top for line in sheet.text) + 2:
        return "called in a note of the page's first line"
    return "unexplained: nested"
