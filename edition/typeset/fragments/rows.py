"""Fragments in the row of the book's pages: where each stands there, and what that makes of its pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from edition.drawings import Shift
from edition.pages import Labels, Page, PageLabels, Rectangle, Side
from edition.typeset.fragments.counting import Counted
from edition.typeset.fragments.furnishing import Furnished
from edition.typeset.fragments.laid import Laid, PageRecord

POINTS = 0.75
"""Points in a CSS pixel."""
SAME = 1e-6
"""CSS pixels by which two areas of text may differ and still be one."""


class Row(NamedTuple):
    """A fragment's pages in the book."""

    first: int
    """The book's index of its first page."""
    blanks: int
    """How many blank pages come before that."""
    right: bool
    """Whether its first page is a right one."""
    counted: tuple[Counted, ...]

    def other_area(self, records: Sequence[PageRecord]) -> bool:
        """Whether the text would have another size on these pages."""
        return any(
            abs(record.area[side] - its.area[side]) > SAME
            for record, its in zip(records, self.counted, strict=True)
            for side in (2, 3)
        )


def shifts_of(records: Sequence[PageRecord], counted: Sequence[Counted]) -> Iterator[Shift]:
    """How far what was laid out moves to where it stands, page by page."""
    for record, its in zip(records, counted, strict=True):
        yield Shift((its.area[0] - record.area[0]) * POINTS, -(its.area[1] - record.area[1]) * POINTS)


def pages_of(
    laid: Laid, row: Row, furnished: Furnished, shifts: Sequence[Shift], blank_name: str
) -> Iterator[Page]:
    """The pages of a fragment as they stand in the book, blank ones before them included."""
    for number in range(row.blanks):
        left, bottom, right, top = furnished.boxes[number].trim
        side: Side = "recto" if row.right != bool((row.blanks - number) % 2) else "verso"
        index, folio = row.first - row.blanks + number, furnished.folios[number]
        size = right - left, top - bottom
        yield Page(index, folio, side, True, blank_name, *size, {}, (), (), furnished.opens_with[number])
    for number, (page, shift) in enumerate(zip(laid.pages, shifts, strict=True)):
        anchors = page.anchors
        if shift != Shift():
            anchors = {name: (x + shift.right, y - shift.up) for name, (x, y) in anchors.items()}
        yield replace(
            page,
            index=row.first + number,
            folio=furnished.folios[row.blanks + number],
            side="recto" if row.right != bool(number % 2) else "verso",
            opens_with=furnished.opens_with[row.blanks + number],
            anchors=anchors,
        )


def moved_labels(labels: Labels, shifts: Sequence[Shift]) -> Labels:
    if not any(shift != Shift() for shift in shifts):
        return labels

    def moved(box: Rectangle, shift: Shift) -> Rectangle:
        return box[0] + shift.right, box[1] - shift.up, box[2] + shift.right, box[3] - shift.up

    pages = (
        PageLabels(
            moved(page.text_area, shift),
            page.note_area and moved(page.note_area, shift),
            page.content,
            page.artifacts,
        )
        for page, shift in zip(labels.pages, shifts, strict=True)
    )
    return Labels(labels.elements, tuple(pages))
