"""How wide tables are at least, and how much room there is for them: measured by the engine before the layout.

Tables are measured on a copy of the HTML that holds them alone, with what they stand in, and of them the rows that
can matter; pages are measured on a probe, so that any style's pages are known. What becomes of a table is not for
this module to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from weasyprint import CSS, DEFAULT_OPTIONS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document
from weasyprint.formatting_structure import boxes
from weasyprint.formatting_structure.build import build_formatting_structure
from weasyprint.layout.preferred import min_content_width

from edition.typeset.furniture import TURNED
from edition.typeset.tables.widest import widest_rows

ROUNDING = 0.01
"""CSS pixels that a table may be too wide, as sums are not exact."""

MEASURING = "aside.note { float: none !important; display: block !important }"
"""While tables are measured, notes are blocks of their own."""


@dataclass(frozen=True, slots=True)
class PageSize:
    """The measures of a page, in CSS pixels."""

    width: float
    height: float
    margins: tuple[float, float, float, float]
    """Top, right, bottom, left."""
    text_width: float
    text_height: float
    note_share: float
    """Which part of the text's height notes may take."""


Sizes = dict[tuple[str, str], PageSize]
"""By the page's name, empty where it has none, and its side, `left` or `right`."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How wide a table is at least, from margin to margin, and the room for it. In CSS pixels."""

    width: float
    room: float
    turned_room: float
    """The room for it when it is turned; 0 where it cannot be."""

    def missing(self, fit: str) -> float:
        """How much room is missing with these classes; nothing is if it is not above 0."""
        return self.width - (self.turned_room if TURNED in fit.split() else self.room) - ROUNDING


MakeHtml = Callable[[Element], HTML]
"""Makes the engine's document of a root element."""


class Measure:
    """Measures tables of one document."""

    def __init__(self, root: Element, make_html: MakeHtml, sheets: Sequence[CSS], font_configuration: Any) -> None:
        self.root = root
        self.make_html = make_html
        self.sheets = [*sheets, CSS(string=MEASURING)]
        self.font_configuration = font_configuration
        self.parents: dict[Element, Element] = {}
        self.narrowed: dict[Element, Element] = {}
        """What of each table has to be measured: the same with all classes of the table."""
        self.sizes: Sizes = {}
        """The sizes of all pages that are asked for so far."""

    def __call__(self, tables: Sequence[Element]) -> dict[Element, Measured]:
        """How wide each table is with the classes that it has now."""
        if not tables:
            return {}
        self.parents = self.parents or parents_in(self.root)
        copy = _Copy(self.root, self.parents)
        for table in tables:
            if table not in self.narrowed:
                self.narrowed[table] = _narrowed(table)
            self.narrowed[table].set("class", table.get("class", ""))
            copy.add_table(table, self.narrowed[table])
        html = self.make_html(copy.root)
        context = Document._build_layout_context(
            html, self.font_configuration, CounterStyle(), {}, {**DEFAULT_OPTIONS, "stylesheets": self.sheets}
        )
        box = build_formatting_structure(
            html.etree_element,
            context.style_for,
            context.get_image_from_uri,
            html.base_url,
            context.target_collector,
            context.counter_style,
            [],
        )
        found = dict(_tables_in(box))
        self.measure_pages({wrapper.style["page"] for wrapper in found})
        return {
            copy.originals[element]: self.measured(context, wrapper, path)
            for wrapper, path in found.items()
            for element in _html_tables(wrapper)
            if element in copy.originals
        }

    def measured(self, context: Any, wrapper: Any, path: Sequence[Any]) -> Measured:
        """One table, given the boxes around it from the root's on."""
        notes = [number for number, box in enumerate(path) if _is_note(box)]
        around = path[notes[-1] :] if notes else path
        turnable = not notes and wrapper.element_tag == "table" and all(map(_is_plain_block, path))
        return Measured(
            width=min_content_width(context, wrapper),
            room=self.room(around, _page_name(wrapper)),
            turned_room=self.room(around, TURNED) if turnable else 0,
        )

    def room(self, around: Sequence[Any], name: str) -> float:
        """What boxes one in the other leave on pages of a name, on that side of the leaf where it is less."""
        return min(_room(around, self.sizes[name, side].text_width) for side in ("left", "right"))

    def measure_pages(self, names: set[str]) -> None:
        """Measure the pages of each name that is not known yet, and turned ones."""
        known = {name for name, _ in self.sizes}
        if new := {"", *names} - known - {TURNED}:
            self.lay_out_probe(new, self.sheets)
        if TURNED not in known:
            self.lay_out_probe({TURNED}, [CSS(string=turned_pages(self.sizes)), *self.sheets])

    def lay_out_probe(self, names: set[str], sheets: Sequence[CSS]) -> None:
        """Lay out pages of both sides for each name, two of each so that not all of them are the first."""
        root = Element(self.root.tag, self.root.attrib)
        body = next(self.root.iter("body"), self.root)
        body = SubElement(root, "body", body.attrib)
        for name in sorted(names):
            for _ in range(4):
                paragraph = SubElement(body, "p", {"style": f"break-before: page; page: {name or 'auto'}"})
                SubElement(paragraph, "span", {"style": "float: footnote"}).text = "."
        document = self.make_html(root).render(font_config=self.font_configuration, stylesheets=sheets)
        for page in (page._page_box for page in document.pages):
            self.sizes[page.page_type.name or "", page.page_type.side] = _page_size(page)


class _Copy:
    """A copy of the HTML with nothing but some tables, their notes left out, and the elements around them."""

    def __init__(self, root: Element, parents: dict[Element, Element]) -> None:
        self.root = Element(root.tag, root.attrib)
        self.copies = {root: self.root}
        self.originals: dict[Element, Element] = {}
        """By its copy, each table."""
        self.parents = parents

    def add_table(self, table: Element, copied: Element) -> None:
        """Put the copy of a table where the table stands."""
        self.around(table).append(copied)
        self.originals[copied] = table

    def around(self, element: Element) -> Element:
        """The copy of what an element stands in; around a note it is what its outermost table stands in."""
        path = [element]
        while path[-1] in self.parents:
            path.append(self.parents[path[-1]])
        copied, inside = self.root, False
        for original in reversed(path[1:]):
            inside = original.tag == "table" or (inside and original.tag != "aside")
            if not inside:
                copied = self.copies[original] if original in self.copies else self.copy_into(copied, original)
        return copied

    def copy_into(self, parent: Element, original: Element) -> Element:
        """Copy an element without what is in it; what stands beside a list item's text takes room from it."""
        for beside in self.parents[original]:
            if "label" in classes_of(beside) and "body" in classes_of(original):
                parent.append(deepcopy(beside))
        self.copies[original] = SubElement(parent, original.tag, original.attrib)
        return self.copies[original]


def _narrowed(element: Element) -> Element:
    """A copy of a table, or of what is in it, without notes, captions and rows that cannot matter."""
    copied = Element(element.tag, element.attrib)
    copied.text = element.text
    rows = set(widest_rows(element)) if element.tag in ("tbody", "table") else None
    for child in element:
        if child.tag in ("aside", "caption"):
            if len(copied):
                copied[-1].tail = (copied[-1].tail or "") + (child.tail or "")
            else:
                copied.text = (copied.text or "") + (child.tail or "")
        elif child.tag != "tr" or rows is None or child in rows:
            inner = _narrowed(child)
            inner.tail = child.tail
            copied.append(inner)
    return copied


def _tables_in(root: Any) -> Iterator[tuple[Any, list[Any]]]:
    """The outermost table boxes under a box, each with the boxes around it from the root's on."""
    waiting: list[tuple[Any, list[Any]]] = [(root, [])]
    while waiting:
        box, path = waiting.pop()
        if box.is_table_wrapper:
            yield box, path
        else:
            waiting += [(child, [*path, box]) for child in reversed(getattr(box, "children", ()))]


def _html_tables(wrapper: Any) -> set[Element]:
    """The HTML table of a table box; the tables in it where CSS has made it of something else."""
    if wrapper.element is not None and wrapper.element.tag == "table":
        return {wrapper.element}
    return {box.element for box in wrapper.descendants() if box.element_tag == "table"}


def _is_note(box: Any) -> bool:
    return bool(box.element_tag == "aside")


def _is_plain_block(box: Any) -> bool:
    """Whether a new page may begin in a box: not in cells, floats and columns, nor between a label and its text."""
    style = box.style
    in_columns = style["column_count"] != "auto" or style["column_width"] != "auto"
    beside_label = box.element is not None and "labelled" in classes_of(box.element)
    return (
        isinstance(box, boxes.BlockBox) and bool(box.is_in_normal_flow()) and not in_columns and not beside_label
    )


def _room(path: Iterable[Any], width: float) -> float:
    """What boxes, one in the other, leave of a width for what stands in the innermost."""
    for box in path:
        style = box.style
        if style["width"] != "auto":
            width = _length(style["width"], width)
            sides: tuple[str, ...] = ()
        else:
            sides = ("margin_left", "margin_right")
        sides = (*sides, "padding_left", "padding_right")
        width -= sum(_length(style[side], width) for side in sides)
        width -= style["border_left_width"] + style["border_right_width"]
    return width


def _length(value: Any, whole: float) -> float:
    """A computed length in CSS pixels; nothing for what only the layout can know."""
    if value == "auto" or not hasattr(value, "unit"):
        return 0.0
    return float(value.value * whole / 100 if value.unit == "%" else value.value)


def _page_name(box: Any) -> str:
    return "" if box.style["page"] == "auto" else str(box.style["page"])


# Pages


def _page_size(page: Any) -> PageSize:
    area = next(box for box in page.children if isinstance(box, boxes.FootnoteAreaBox))
    most = _length(area.style["max_height"], page.height)
    return PageSize(
        page.margin_width(),
        page.margin_height(),
        (page.margin_top, page.margin_right, page.margin_bottom, page.margin_left),
        page.width,
        page.height,
        min(most / page.height, 1),
    )


def turned_pages(sizes: Sizes) -> str:
    """CSS for pages with turned tables: those of the style a quarter turn clockwise.

    The turn back is for the finished file; then the table's top is at the left and the text area where it is on
    every page.
    """
    rules = []
    for side in ("left", "right"):
        size = sizes["", side]
        top, right, bottom, left = size.margins
        rules.append(
            f"@page {TURNED}:{side} {{ size: {size.height}px {size.width}px; "
            f"margin: {left}px {top}px {right}px {bottom}px; "
            f"@footnote {{ max-height: {size.note_share * size.text_width}px }} }}"
        )
    return "\n".join(rules)


def outermost_tables(root: Element) -> list[Element]:
    """The tables that stand in no other, in the order of the text; a note called in one stands in none."""
    found = []
    waiting = [(root, False)]
    while waiting:
        element, inside = waiting.pop()
        if element.tag == "table" and not inside:
            found.append(element)
        inside = element.tag != "aside" and (inside or element.tag == "table")
        waiting += [(child, inside) for child in reversed(element)]
    return found


def parents_in(root: Element) -> dict[Element, Element]:
    return {child: parent for parent in root.iter() for child in parent}


def classes_of(element: Element) -> list[str]:
    return element.get("class", "").split()
