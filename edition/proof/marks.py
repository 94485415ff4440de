"""What stands between the words: calls of notes, breaks of original pages, pictures.

Each must be on the pages once, with the right mark, at its offset in the text of its stream.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from edition.findings import Finding, Severity, declare
from edition.model import OriginalPages
from edition.pages import HtmlElement
from edition.proof.collation import Matched, quoted, word_at
from edition.proof.origins import Origins
from edition.proof.parts import Drawn, Part
from edition.proof.streams import BreakExpected, Key, Stream
from edition.proof.text import alike, squeezed

CALL_LOST = declare(
    "C007",
    Severity.ERROR,
    """A call of a note is not on the page, stands in another place or prints another mark.""",
)
BREAK_LOST = declare(
    "C008",
    Severity.ERROR,
    """An original page's break is not on the page, stands in another place or prints another number.

    In the modes `facsimile` and `hidden`, where breaks print nothing, its anchor must be on the page of the text
    around it.
    """,
)
PICTURE_LOST = declare(
    "C009",
    Severity.ERROR,
    """A picture is not on any page.""",
)


class MarkDrawn(NamedTuple):
    """A call or a break as drawn: its element, its pieces, the number of the first among the stream's items."""

    element: int
    items: list[Drawn]
    number: int

    @property
    def text(self) -> str:
        return alike("".join(item.piece.text for item in self.items))

    @property
    def page(self) -> int:
        return self.items[0].piece.page


def marks_drawn(items: Sequence[Drawn], part: Part) -> list[MarkDrawn]:
    """The calls or breaks among a stream's items, in order; one that is broken over lines is one."""
    marks: dict[int, MarkDrawn] = {}
    for number, item in enumerate(items):
        if item.standing.part == part:
            mark = marks.setdefault(item.standing.unit, MarkDrawn(item.standing.unit, [], number))
            mark.items.append(item)
    return list(marks.values())


class Marks:
    """Checks the marks of streams that were matched."""

    def __init__(
        self,
        elements: Sequence[HtmlElement],
        breaks: Mapping[Key, list[int]],
        anchors: Mapping[str, int],
        folios: Sequence[str],
        mode: OriginalPages,
        origins: Origins,
    ) -> None:
        self.elements = elements
        self.break_elements = breaks
        self.anchors = anchors
        """The page, from 0, on which each anchor begins."""
        self.folios = folios
        self.mode = mode
        self.origins = origins
        self.findings: list[Finding] = []
        self.page_breaks = 0
        self.begun: dict[int, list[str]] = {}
        """By page, the original pages that begin there in the text, in order."""
        self.all_located = True
        """Whether every break's page is known. Of breaks with one number only the first has an anchor."""

    def check(self, matched: Matched) -> None:
        self.check_calls(matched)
        self.check_breaks(matched)
        missing = matched.stream.pictures[len(matched.drawn.pictures) :]
        if missing:
            message = f"a picture of {matched.stream.name} is not on any page"
            self.findings.append(PICTURE_LOST.at(missing[0], message))

    # Calls

    def check_calls(self, matched: Matched) -> None:
        stream = matched.stream
        drawn = marks_drawn(matched.drawn.items, "call")
        waiting: dict[str, list[MarkDrawn]] = {}
        for mark in drawn:
            waiting.setdefault(_called(self.elements[mark.element]), []).append(mark)
        for call in stream.calls:
            if not waiting.get(call.note):
                self.findings.append(CALL_LOST.at(call.at, f"the call of note {call.mark} is not on the page"))
                continue
            mark = waiting[call.note].pop(0)
            folio = self.folios[mark.page]
            if squeezed(mark.text) != squeezed(call.mark):
                message = f"the call of note {call.mark} reads {quoted([mark.text])}"
                self.findings.append(CALL_LOST.at(call.at, message, folio=folio))
            if self.has_moved(matched, call.offset, mark.number):
                message = f"the call of note {call.mark} stands after {self.words_before(matched, mark)}"
                hint = f"it belongs after {_words_at(stream, call.offset)}"
                self.findings.append(CALL_LOST.at(call.at, message, hint=hint, folio=folio))
        for mark in (mark for marks in waiting.values() for mark in marks):
            message = f"a call {quoted([mark.text])} in {stream.name} is not in the manuscript"
            self.findings.append(CALL_LOST.at(stream.at, message, folio=self.folios[mark.page]))

    def has_moved(self, matched: Matched, offset: int, number: int) -> bool:
        """Whether there is text between where a mark is drawn and where it belongs."""
        starts = matched.found.starts
        if number >= len(starts) or (matched.found.failed is not None and number >= matched.found.failed):
            return False  # after a difference, which is told already
        low, high = sorted((offset, starts[number]))
        return bool(matched.stream.text[low:high].strip())

    def words_before(self, matched: Matched, mark: MarkDrawn) -> str:
        return _words_at(matched.stream, matched.found.starts[mark.number])

    # Breaks

    def check_breaks(self, matched: Matched) -> None:
        stream = matched.stream
        elements = self.break_elements.get(stream.key, [])
        drawn = {mark.element: mark for mark in marks_drawn(matched.drawn.items, "break")}
        for expected, element in self.aligned(stream.breaks, elements):
            self.note_beginning(matched, expected, drawn.get(element or -1), element)
            if element is None:
                self.tell_break(expected, f"the break of original page {expected.mark.page} is not on the page")
            elif element in drawn:
                self.check_drawn_break(matched, expected, drawn[element])
            elif self.prints(element):
                self.tell_break(expected, f"the mark of original page {expected.mark.page} is not on the page")
            else:
                self.check_anchor(matched, expected, self.elements[element].id)
        known = {element for _, element in self.aligned(stream.breaks, elements)}
        for element in (element for element in drawn if element not in known):
            message = f"a mark of an original page {quoted([drawn[element].text])} is not in the manuscript"
            self.findings.append(BREAK_LOST.at(stream.at, message, folio=self.folios[drawn[element].page]))

    def note_start(self, matched: Matched, page: str) -> None:
        """A start page begins where its document does, or the outermost division that this opens."""
        items = matched.drawn.items
        first = items[0].piece.page if items else self.anchors.get(matched.stream.key.id)
        if first is not None:
            self.begun.setdefault(first, []).append(page)

    def note_beginning(
        self, matched: Matched, expected: BreakExpected, drawn: MarkDrawn | None, element: int | None
    ) -> None:
        """Remember on which page an original page begins: by its mark, its anchor, or the text around it."""
        stream = matched.stream
        if stream.key.kind == "note":  # the running heads do not count notes
            return
        page = (
            drawn.page if drawn else self.anchors.get(self.elements[element].id) if element is not None else None
        )
        if page is None:
            before, after = _pages_around(matched, expected.offset)
            page = after if after < len(self.folios) else before
            alone = sum(other.offset == expected.offset for other in stream.breaks) == 1
            self.all_located &= alone and matched.found.failed is None
        self.begun.setdefault(page, []).append(str(expected.mark.page))

    def aligned(
        self, breaks: Sequence[BreakExpected], elements: Sequence[int]
    ) -> Iterator[tuple[BreakExpected, int | None]]:
        """Each expected break with its element: in order where ids agree to it, else by id.

        Of breaks with one number only the first has its anchor as id; the others have one of the builder's.
        """
        ids = [_anchor_of(self.elements[element]) for element in elements]
        if len(breaks) == len(ids) and all(
            id_ in ("", expected.mark.anchor) for expected, id_ in zip(breaks, ids, strict=True)
        ):
            yield from zip(breaks, elements, strict=True)
            return
        by_id = {id_: element for id_, element in zip(ids, elements, strict=True) if id_}
        unnamed = [element for id_, element in zip(ids, elements, strict=True) if not id_]
        for expected in breaks:
            element = by_id.pop(expected.mark.anchor, None)
            if element is None and unnamed:
                element = unnamed.pop(0)
            yield expected, element

    def prints(self, element: int) -> bool:
        """Whether a break prints a mark in the edition's mode."""
        if self.mode == "facsimile":
            return "starts-page" not in self.elements[element].classes
        return self.mode != "hidden"

    def check_drawn_break(self, matched: Matched, expected: BreakExpected, mark: MarkDrawn) -> None:
        page = expected.mark.page
        if not _says(mark, page.number):
            message = f"the mark of original page {page} reads {quoted([mark.text.strip()])}"
            self.tell_break(expected, message, mark.page)
        elif self.has_moved(matched, expected.offset, mark.number):
            message = f"the mark of original page {page} stands after {self.words_before(matched, mark)}"
            hint = f"it belongs after {_words_at(matched.stream, expected.offset)}"
            self.tell_break(expected, message, mark.page, hint)
        else:
            self.page_breaks += 1

    def check_anchor(self, matched: Matched, expected: BreakExpected, anchor: str) -> None:
        """A break that prints nothing must be on the page of the text around it."""
        page = self.anchors.get(anchor)
        if not anchor or matched.found.failed is not None:
            self.page_breaks += matched.found.failed is None
            return
        if page is None:
            self.tell_break(expected, f"the break of original page {expected.mark.page} is not on any page")
            return
        before, after = _pages_around(matched, expected.offset)
        if before <= page <= after:
            self.page_breaks += 1
        else:
            message = f"the break of original page {expected.mark.page} is on another page than the text around it"
            self.tell_break(expected, message, page)

    def tell_break(
        self, expected: BreakExpected, message: str, page: int | None = None, hint: str | None = None
    ) -> None:
        folio = None if page is None else self.folios[page]
        self.findings.append(BREAK_LOST.at(expected.mark.at, message, hint=hint, folio=folio))


def _anchor_of(element: HtmlElement) -> str:
    """The id of a break's element; empty if the builder made it, as no anchor of an editor's begins so."""
    return "" if element.id.startswith("_") else element.id


def _called(element: HtmlElement) -> str:
    """The id of the note that a call's element leads to."""
    return element.id.rpartition("-r")[0]


def _says(mark: MarkDrawn, number: str) -> bool:
    """Whether a mark says an original page's number and no other."""
    wanted, text = alike(number).strip(), mark.text
    if any(item.label.recased for item in mark.items):
        wanted, text = wanted.casefold(), text.casefold()
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", text) is not None or squeezed(wanted) == squeezed(text)


def _words_at(stream: Stream, offset: int) -> str:
    """The word that ends at or before an offset, for messages."""
    before = stream.text[:offset].rstrip()
    return quoted([word_at(before, len(before) - 1)]) if before else "nothing"


def _pages_around(matched: Matched, offset: int) -> tuple[int, int]:
    """The pages of the text before and after an offset; all there are where there is none."""
    before, after = 0, 1 << 30
    for start, item in zip(matched.found.starts, matched.drawn.items, strict=False):
        if item.standing.part != "text" or not item.piece.text.strip():
            continue
        if not matched.stream.text[start:offset].strip():
            after = item.piece.page
            break
        before = item.piece.page
    return before, after
