"""Furniture: what stands in the page margins and depends on where the text fell.

It knows the pages' margin boxes and strings, and nothing of how text is broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from weasyprint.css.properties import Dimension
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from edition.numerals import inclusive, roman

SPAN = "original-pages"
"""The named string that gives the span of original pages of a page, `403–4`."""
FOLIO = "folio"
"""The named string that gives the folio: roman in front of `main`, the original page's in facsimile mode."""
DIVISION, VOLUME = "division-title", "volume-title"
"""Named strings for running heads; where there is no division, its title is the volume's."""
ORIGINAL_PAGE, FACSIMILE, STARTS_PAGE = "original-page", "facsimile", "starts-page"
"""Named strings that `base.css` sets and the two above are made from."""

MAIN = "main"
"""The CSS page name with which the text begins, and with it arabic folios."""

MARGIN_GAP = 9.0
"""From the text to a mark of an original page in the margin, in CSS pixels."""
MARK_GAP = 4.0
"""Between two such marks of one line."""


MARK_LEADING = 1.15
"""From a row of such marks to the next below it, in their own size."""
PAGE_EDGE = 8.0
"""From such marks to the edge of the page, at least."""


class FurnitureMixin:
    """For the layout context: the folio and the span of original pages as strings of their own.

    CSS can name the first or the last original page of a page, but has no way to leave the last one out
    where both are the same, or to shorten it; and which numerals a folio has depends on where the text begins.
    """

    string_set: Any
    current_page: int
    text_begun = False

    def get_string_or_element_for(self, store: Any, page: Any, name: str, keyword: str) -> tuple[Any, ...]:
        """The engine's look-up of a named string; a page without its text has recorded what its first element sets."""
        begins = getattr(page, "begins", None)
        engine: Any = super()
        if begins is None or keyword != "start":
            return engine.get_string_or_element_for(store, page, name, keyword)  # type: ignore[no-any-return]
        if name in begins and self.current_page in store[name]:
            return (store[name][self.current_page][0],)
        earlier = (number for number in range(self.current_page - 1, 0, -1) if number in store[name])
        return tuple(store[name][number][-1] for number in (next(earlier, None),) if number)

    def get_string_set_for(self, page: Any, name: str, keyword: str = "first") -> tuple[Any, ...]:
        """The value of CSS `string(name, keyword)` on a page."""
        if name == SPAN:
            return self.original_pages_of(page)
        if name == FOLIO:
            return (page.folio,)
        found = self.get_string_or_element_for(self.string_set, page, name, keyword)
        if name == DIVISION and not any(found):  # an element that runs on sets its strings on each of its pages
            return self.get_string_or_element_for(self.string_set, page, VOLUME, keyword)
        return found

    def original_pages_of(self, page: Any) -> tuple[str, ...]:
        """The span of original pages whose text stands on a page; nothing where none is known."""
        last = self.get_string_or_element_for(self.string_set, page, ORIGINAL_PAGE, "last")
        if not last:
            return ()
        return (inclusive(self.original_page_at_top(page), last[0]),)

    def original_page_at_top(self, page: Any) -> str:
        """The original page that a page begins with; empty before the first one of the book."""
        started = self.string_set[STARTS_PAGE].get(self.current_page)
        if started:  # a facsimile page: what is above it, a repeated table head say, does not count
            return str(started[0])
        for keyword in ("start", "first"):  # before the first break of the book nothing is known
            found = self.get_string_or_element_for(self.string_set, page, ORIGINAL_PAGE, keyword)
            if found and found[0]:
                return str(found[0])
        return ""

    def folio_of(self, page: Any, count: int) -> str:
        """A page's folio, by its count. Pages come in order."""
        self.text_begun = self.text_begun or any(name == MAIN for name, _ in page.page_type.groups)
        if not self.text_begun:
            return roman(count)
        if self.string_set.get(FACSIMILE) and not page.page_type.blank:
            return self.original_page_at_top(page) or str(count)
        return str(count)


TURNED = "turned"
"""The name of pages that are laid out a quarter turn clockwise, and turned back in the finished file."""

_TURN = (("top", "right"), ("right", "bottom"), ("bottom", "left"), ("left", "top"))
"""Each side of a page as it is read, and where it is while the page is laid out turned."""
_EDGES = ("margin_{}", "padding_{}", "border_{}_width")


def with_folios(make_margin_boxes: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """The engine's margin boxes, with the folio and the original page at the top kept on the page's box."""

    def make_margin_boxes_with_folio(context: Any, page: Any, state: Any) -> Iterator[Any]:
        page.folio = context.folio_of(page, state[1]["page"][-1])
        page.opens_with = context.original_page_at_top(page)
        if page.page_type.name != TURNED:
            return make_margin_boxes(context, page, state)
        return turned(page, make_margin_boxes(context, upright(page), state))

    return make_margin_boxes_with_folio


def upright(page: Any) -> Any:
    """A turned page's box as it is read, to make its margin boxes for: they stand as on any other page."""
    read = page.copy()
    read.width, read.height = page.height, page.width
    for side, laid_out in _TURN:
        for edge in _EDGES:
            setattr(read, edge.format(side), getattr(page, edge.format(laid_out)))
    return read


def turned(page: Any, margin_boxes: Iterator[Any]) -> Iterator[Any]:
    """Margin boxes of a turned page, made for it as it is read, moved and turned to where they are laid out."""
    for box in margin_boxes:
        left, top = box.border_box_x(), box.border_box_y()
        offset = page.margin_width() - top - left, left - top
        box.style = box.style.copy()
        box.style["transform"] = (("matrix", (0, 1, -1, 0, *offset)),)
        box.style["transform_origin"] = Dimension(0, "px"), Dimension(0, "px")
        yield box


def place_margin_marks(page: Any) -> None:
    """Move the marks of original pages into the outer margin, each to the line where its break falls.

    They were laid out as absolutely positioned boxes, which take no room in the text; CSS can tell neither
    the side of the page nor that two of them meet in one line. Those stand side by side, in order outward, and
    go on below where the margin ends. A break between blocks belongs to the line after it. On turned pages the
    marks stand left of the table, at the foot of the page as it is read, as its head is where the top is.
    """
    recto = page.page_type.side == "right" and page.page_type.name != TURNED
    left, right = page.content_box_x(), page.content_box_x() + page.width
    room = (page.margin_width() - right if recto else left) - PAGE_EDGE
    waiting: list[Any] = []
    offset, row = MARGIN_GAP, -1.0
    for thing in list(_lines_and_marks(page)):
        if not isinstance(thing, boxes.LineBox):
            waiting.append(thing)
            continue
        baseline = thing.position_y + thing.baseline
        if abs(baseline - row) > 1:
            offset, row = MARGIN_GAP, baseline
        for mark in waiting:
            if offset > MARGIN_GAP and offset + mark.width > room:
                offset, baseline = MARGIN_GAP, baseline + MARK_LEADING * mark.style["font_size"]
            x = right + offset if recto else left - offset - mark.width
            mark.translate(x - mark.position_x, baseline - _baseline(mark))
            offset += mark.width + MARK_GAP
        waiting.clear()


def has_margin_marks(box: Any) -> bool:
    """Whether a page has such marks: then its layout depends on its side."""
    return any(_is_margin_mark(thing) for thing in _lines_and_marks(box))


def _lines_and_marks(box: Any) -> Iterator[Any]:
    """Every margin mark under a box, in tree order, each before the line that it belongs to."""
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    if isinstance(box, boxes.MarginBox):
        return
    if _is_margin_mark(box):
        yield box
        return
    for child in getattr(box, "children", ()):
        yield from _lines_and_marks(child)
    if isinstance(box, boxes.LineBox) and any(
        isinstance(text, boxes.TextBox) and text.text.strip() for text in box.descendants()
    ):
        yield box


def _is_margin_mark(box: Any) -> bool:
    return box.element_tag == "span::after" and "page-break" in _classes(box) and box.is_absolutely_positioned()


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
