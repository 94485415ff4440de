"""The pages of a book in a row, before their furniture: page counters, and where on each the text stands.

Both depend on a page's type alone, which the style's page rules decide; so they are known without any layout.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from weasyprint import DEFAULT_OPTIONS
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document
from weasyprint.formatting_structure import boxes
from weasyprint.formatting_structure.build import update_counters
from weasyprint.layout import page as pages
from weasyprint.layout.percent import resolve_percentages

from edition.typeset.fragments.laying import content_area


class PageShape(NamedTuple):
    """What page rules can tell of a page, beside its number in the book."""

    right: bool
    blank: bool
    name: str | None
    groups: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known of one page of the row."""

    counters: Mapping[str, tuple[int, ...]]
    """Every page counter's values after the page's own changes: those that its furniture prints."""
    area: tuple[float, float, float, float]
    """Left, top, width, height of the content box in CSS pixels."""

    @property
    def number(self) -> int:
        """The counter `page`: what `target-counter(…, page)` gives of what stands on the page."""
        return self.counters["page"][-1]


def count_pages(book: Any, shapes: Sequence[PageShape], sheets: Sequence[Any], fonts: Any) -> Iterator[Counted]:
    """All pages of a book in their order, given the engine's HTML of a book without text."""
    context = Document._build_layout_context(
        book, fonts, CounterStyle(), {}, {**DEFAULT_OPTIONS, "stylesheets": sheets}
    )
    counters: dict[str, list[int]] = {"pages": [0]}
    scopes: list[set[str]] = [{"pages"}]
    for index, shape in enumerate(shapes):
        page = page_box(context, book, shape, index)
        update_counters(([0], counters, scopes, []), page.style)
        yield Counted({name: tuple(values) for name, values in counters.items()}, content_area(page))


def page_box(context: Any, book: Any, shape: PageShape, index: int) -> Any:
    """The box of a page without anything on it, its counters' changes in order."""
    side = "right" if shape.right else "left"
    page_type = pages.PageType(side, shape.blank, shape.name, index, shape.groups)
    pages.set_page_type_computed_styles(page_type, book, context.style_for)
    page = boxes.PageBox(page_type, context.style_for(page_type))
    resolve_percentages(page, page.style["size"])
    page.position_x = page.position_y = 0
    width, height = page.style["size"]
    pages.page_width(page, context, width)
    pages.page_height(page, context, height)
    pages._standardize_page_based_counters(page.style, None)
    return page
