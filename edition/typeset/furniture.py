"""Furniture: what stands in the page margins and depends on where the text fell.

It knows the pages' margin boxes and strings, and nothing of how text is broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from edition.numerals import inclusive, roman

SPAN = "original-pages"
"""The named string that gives the span of original pages of a page, `403–4`."""
FOLIO = "folio"
"""The named string that gives the folio: roman in front of `main`, the original page's in facsimile mode."""
ORIGINAL_PAGE, FACSIMILE = "original-page", "facsimile"
"""Named strings that `base.css` sets and the two above are made from."""

MARGIN_GAP = 9.0
"""From the text to a mark of an original page in the margin, in CSS pixels."""
MARK_GAP = 4.0
"""Between two such marks of one line."""


class FurnitureMixin:
    """For the layout context: the folio and the span of original pages as strings of their own.

    CSS can name the first or the last original page of a page, but has no way to leave the last one out
    where both are the same, or to shorten it; and which numerals a folio has depends on where the text begins.
    """

    get_string_or_element_for: Callable[..., tuple[Any, ...]]
    string_set: Any
    text_begun = False

    def get_string_set_for(self, page: Any, name: str, keyword: str = "first") -> tuple[Any, ...]:
        """The value of CSS `string(name, keyword)` on a page."""
        if name == SPAN:
            return self.original_pages_of(page)
        if name == FOLIO:
            return (page.folio,)
        return self.get_string_or_element_for(self.string_set, page, name, keyword)

    def original_pages_of(self, page: Any) -> tuple[str, ...]:
        """The span of original pages whose text stands on a page; nothing where none is known."""
        last = self.get_string_or_element_for(self.string_set, page, ORIGINAL_PAGE, "last")
        if not last:
            return ()
        first = self.get_string_or_element_for(self.string_set, page, ORIGINAL_PAGE, "start")
        if not first:  # before the first break of the book nothing is known
            first = self.get_string_or_element_for(self.string_set, page, ORIGINAL_PAGE, "first")
        return (inclusive(first[0], last[0]),)

    def folio_of(self, page: Any, count: int) -> str:
        """A page's folio, by its count. Pages come in order."""
        self.text_begun = self.text_begun or any(name == "main" for name, _ in page.page_type.groups)
        if not self.text_begun:
            return roman(count)
        if self.string_set.get(FACSIMILE) and not page.page_type.blank:
            original = self.get_string_or_element_for(self.string_set, page, ORIGINAL_PAGE, "start")
            if original:
                return str(original[0])
        return str(count)


def with_folios(make_margin_boxes: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """The engine's margin boxes, with the folio of the page kept on its box, for them and for page labels."""

    def make_margin_boxes_with_folio(context: Any, page: Any, state: Any) -> Iterator[Any]:
        page.folio = context.folio_of(page, state[1]["page"][-1])
        return make_margin_boxes(context, page, state)

    return make_margin_boxes_with_folio


def place_margin_marks(page: Any) -> None:
    """Move the marks of original pages into the outer margin, each to the line where its break falls.

    They were laid out as absolutely positioned boxes, which take no room in the text; CSS can tell neither
    the side of the page nor that two of them meet in one line. Those stand side by side, in order outward.
    """
    recto = page.page_type.side == "right"
    left, right = page.content_box_x(), page.content_box_x() + page.width
    placed: dict[int, float] = {}
    for line_baseline, mark in list(_margin_marks(page)):
        row = round(line_baseline)
        offset = placed.get(row, MARGIN_GAP)
        x = right + offset if recto else left - offset - mark.width
        mark.translate(x - mark.position_x, line_baseline - _baseline(mark))
        placed[row] = offset + mark.width + MARK_GAP


def _margin_marks(box: Any, line_baseline: float = 0.0) -> Iterator[tuple[float, Any]]:
    """Every margin mark under a box, in tree order, with the baseline of its break's line."""
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    if box.element_tag == "span::after" and box.element is not None and "page-break" in _classes(box):
        if box.is_absolutely_positioned():
            yield line_baseline, box
        return
    if isinstance(box, boxes.LineBox):
        line_baseline = box.position_y + box.baseline
    for child in getattr(box, "children", ()):
        yield from _margin_marks(child, line_baseline)


def _classes(box: Any) -> list[str]:
    return (box.element.get("class") or "").split()


def _baseline(box: Any) -> float:
    """The first baseline inside a block box, in page coordinates."""
    for child in box.descendants():
        if isinstance(child, boxes.LineBox):
            return float(child.position_y + child.baseline)
    return float(box.position_y + box.height)


HOOKS = {"weasyprint.layout.make_margin_boxes": with_folios}
"""What `engine` wraps: dotted name → function that is given the original and gives its replacement."""
