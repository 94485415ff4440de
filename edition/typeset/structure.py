"""The logical structure of a PDF as a value: what its content is, in reading order, and what stands in what.

Roles and the rules for them are those of ISO 32000-1, 14.8.4, as PDF/UA-1 (ISO 14289-1, 7) asks for them.
Knows neither boxes nor HTML nor how a PDF is written.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

GROUPS = {"Document", "Part", "Art", "Sect", "Div", "BlockQuote"}
"""Roles that hold blocks and no text of their own."""

STANDING = ("Figure", "Note")
"""Roles that stand among text, and as well by themselves."""

INLINE = {"Span", "Em", "Strong", "Link", "Reference", "Lbl", *STANDING}
CELLS = {"TD", "TH"}
ROW_GROUPS = {"THead", "TBody", "TFoot"}
DEEPEST_HEAD = 6
WIDEST_SPAN = 1000
"""Columns that a cell spans at most, as in HTML (4.9.11)."""


@dataclass(frozen=True, slots=True)
class Content:
    """A marked piece of text or a picture: the page it is on, the stream that draws it, its number there."""

    page: int
    stream: Any
    number: int


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of a link: a link annotation on a page."""

    page: int
    annotation: Any


@dataclass(eq=False, slots=True)
class Element:
    """A structure element. Elements are compared by identity: two may look alike."""

    role: str
    kids: list[Kid] = field(default_factory=list)
    page: int = 0
    """The page that it begins on, from 0."""
    id: str = ""
    language: str = ""
    alternative: str = ""
    expansion: str = ""
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By owner (Table, List, Layout), then by name; strings are names."""
    broken: bool = False
    """Whether it goes on in the block after it."""
    continues: bool = False
    """Whether it began in an earlier fragment of the book."""
    goes_on: bool = False
    """Whether it goes on in a later one."""

    def add(self, role: str, page: int) -> Element:
        element = Element(role, page=page)
        self.kids.append(element)
        return element

    @property
    def elements(self) -> list[Element]:
        return [kid for kid in self.kids if isinstance(kid, Element)]

    def walk(self) -> Iterator[Element]:
        """This element and all in it, in reading order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.elements))


Kid: TypeAlias = Element | Content | Area


def tidy(document: Element, heads_above: Iterable[int] = ()) -> None:
    """Give the structure the form that the standards ask for; no content is lost, doubled or moved.

    `heads_above` are the levels of heads that earlier fragments of the book have above it, outermost first.
    """
    for element in list(document.walk()):
        if element.role == "Link" and not any(isinstance(kid, Area) for kid in element.kids):
            element.role = "Span"  # a link that leads nowhere
    prune(document)
    for element in list(document.walk()):
        if tidy_role := TIDY.get(element.role):
            tidy_role(element)
    for element in list(document.walk()):
        if element.role in GROUPS:
            wrap_runs(element, "P", is_inline, opens=lambda kid: not has_role(kid, *STANDING))
    number_heads(document, heads_above)


def prune(document: Element) -> None:
    """Take out elements with nothing in them. Empty rows and cells stay: they hold a place in the table."""
    for element in reversed(list(document.walk())):
        element.kids = [
            kid
            for kid in element.kids
            if not isinstance(kid, Element) or kid.kids or kid.goes_on or kid.role in {"TR", *CELLS}
        ]


def has_role(kid: Kid, *roles: str) -> bool:
    return isinstance(kid, Element) and kid.role in roles


def is_inline(kid: Kid) -> bool:
    return not isinstance(kid, Element) or kid.role in INLINE


def wrap_runs(
    element: Element, role: str, belongs: Callable[[Kid], bool], opens: Callable[[Kid], bool] = lambda _: True
) -> None:
    """Wrap each run of kids that belong together into one new element; only one that opens begins a run."""
    kids: list[Kid] = []
    run: Element | None = None
    for kid in element.kids:
        if not belongs(kid):
            run = None
        elif run is None and opens(kid):
            run = Element(role, page=kid.page)
            kids.append(run)
        if run is None:
            kids.append(kid)
        else:
            run.kids.append(kid)
    element.kids = kids


# Lists and contents


def tidy_list(element: Element) -> None:
    """A list holds items only; an item holds labels, then one body."""
    wrap_runs(element, "LI", lambda kid: not has_role(kid, "L", "LI", "Caption"))
    for item in element.elements:
        if item.role == "LI":
            tidy_item(item)


def tidy_item(item: Element) -> None:
    labels = [kid for kid in item.kids if has_role(kid, "Lbl")]
    rest = [kid for kid in item.kids if not has_role(kid, "Lbl")]
    if len(rest) == 1 and isinstance(rest[0], Element) and rest[0].role == "Div":
        rest[0].role = "LBody"
        item.kids = [*labels, rest[0]]
    elif rest:
        # An item goes on in a later fragment with more of its body, never with a new one.
        body = Element("LBody", rest, rest[0].page, continues=item.continues, goes_on=item.goes_on)
        item.kids = [*labels, body]


def tidy_contents(element: Element) -> None:
    """A contents list holds entries only; an entry refers to where its link leads."""
    wrap_runs(element, "TOCI", lambda kid: not has_role(kid, "TOC", "TOCI", "Caption"))
    for entry in element.elements:
        if entry.role == "TOCI":
            wrap_runs(entry, "Reference", lambda kid: is_inline(kid) and not has_role(kid, "Lbl"))


# Tables


def tidy_table(table: Element) -> None:
    """A table is a grid: groups of rows with cells, as many columns in each, and no cell over another."""
    wrap_runs(table, "TBody", lambda kid: not has_role(kid, *ROW_GROUPS, "Caption"))
    groups = [kid for kid in table.elements if kid.role in ROW_GROUPS]
    bodies = [group for group in groups if group.role == "TBody"]
    heads = [group for group in groups if group.role == "THead"]
    for group in heads if not bodies else heads[1:]:
        group.role = "TBody"
    for group in groups:
        wrap_runs(group, "TR", lambda kid: not has_role(kid, "TR"))
        for row in group.elements:
            wrap_runs(row, "TD", lambda kid: not has_role(kid, *CELLS))
    widths = [width for group in groups for width in lay_grid(group)]
    rows = [row for group in groups for row in group.elements]
    for row, width in zip(rows, widths, strict=True):
        _fill_row(row, width, max(widths), ())


def lay_grid(group: Element) -> list[int]:
    """Fit the cells' spans to the grid of a row group; returns how many columns each row takes."""
    rows = group.elements
    taken: dict[int, int] = {}  # column → in how many more rows it is taken from above
    widths = []
    for index, row in enumerate(rows):
        below = {column: left - 1 for column, left in taken.items() if left > 1}
        column = 0
        for cell in row.elements:
            while column in taken:
                column += 1
            reach, height = _fit_cell(cell, column, len(rows) - index, taken)
            below.update((column + step, height - 1) for step in range(reach) if height > 1)
            column += reach
        width = max(column, max(taken, default=-1) + 1)
        _fill_row(row, column, width, taken)
        widths.append(width)
        taken = below
    return widths


def _fit_cell(cell: Element, column: int, rows_left: int, taken: Container[int]) -> tuple[int, int]:
    """Cut a cell's spans to the free columns and the rows of its group; returns columns and rows it takes."""
    spans = cell.attributes.setdefault("Table", {})
    height = min(spans.pop("RowSpan", 1), rows_left)
    wanted = min(spans.pop("ColSpan", 1), WIDEST_SPAN)
    reach = next((step for step in range(1, wanted) if column + step in taken), wanted)
    spans.update({name: span for name, span in (("RowSpan", height), ("ColSpan", reach)) if span > 1})
    return reach, height


def _fill_row(row: Element, start: int, end: int, taken: Container[int]) -> None:
    """End a row with an empty cell for each run of columns that no cell takes, from `start` to before `end`."""
    run = 0
    for column in range(start, end + 1):
        if column < end and column not in taken:
            run += 1
        elif run:
            spans = {"Table": {"ColSpan": run}} if run > 1 else {}
            row.kids.append(Element("TD", page=row.page, attributes=spans))
            run = 0


TIDY: dict[str, Callable[[Element], None]] = {"L": tidy_list, "TOC": tidy_contents, "Table": tidy_table}


# Heads


def number_heads(document: Element, heads_above: Iterable[int]) -> None:
    """Level heads so that none is skipped on the way down and equals stay alike (PDF/UA-1, 7.4.2)."""
    above = list(heads_above)
    for element in document.walk():
        if element.role[0] == "H" and element.role[1:].isdigit():
            level = int(element.role[1:])
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
            element.role = f"H{min(len(above), DEEPEST_HEAD)}"
