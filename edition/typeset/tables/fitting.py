"""Fitting: every table that is too wide for its page gets the first of some looks in which it is not.

What a look is like is for the sheets to say, by the classes that are set here. How wide a table is with them, and
how much room it has, is for `measuring` to know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from weasyprint import CSS

from edition.findings import Finding, Severity, declare
from edition.typeset.furniture import TURNED
from edition.typeset.tables.measuring import (
    MakeHtml,
    Measure,
    Measured,
    classes_of,
    outermost_tables,
    parents_in,
    turned_pages,
)
from edition.typeset.tables.widest import (
    HEAD,
    LONG_WORD,
    LONGEST_WORD,
    is_head_of_words,
    kind_of_text,
    words_of,
)

TOO_WIDE = declare(
    "T030",
    Severity.WARNING,
    """A table is too wide for the page.

    It was made smaller down to the style's `table-smallest`, its words were hyphenated, it was turned to stand
    along the page, and still it did not fit. Now its words are broken wherever a line is full; what is missing
    after that sticks out. Give it fewer columns or shorter words, divide it, or let the style have a smaller
    `table-smallest` or a larger page. A table in a note or inside a cell of something else cannot be turned.
    """,
)

FITTED = "fitted"
"""The class of a table that is too wide as it is: a very long word in it may be broken anywhere."""
BREAKABLE = "breakable"
"""The class of a table all of whose words may be broken anywhere."""
SIZES = ("", "smaller-1", "smaller-2", "smaller-3")
"""Classes that are for the style to make smaller, the last of them down to the style's smallest size."""
FITS = (*SIZES, f"{SIZES[-1]} hyphenated")
"""The classes of a table upright and turned, in the order in which they are tried."""
LAST_FIT = f"{SIZES[-1]} hyphenated cramped"
"""Tried last, turned or where a table cannot be: now texts, too, may stand in columns of one word a line."""
BELONGS_TO_NEXT = frozenset(
    ("center", "capitals", "opening", "dateline", "source-note", "headnote", "page-break-block")
)
"""Classes of blocks that begin what comes after them."""
POINTS = 0.75
"""Points in a CSS pixel."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What fitting gives besides the classes in the HTML."""

    sheet: str
    """CSS for the pages of turned tables; empty if there are none."""
    findings: tuple[Finding, ...]


def fit_tables(root: Element, make_html: MakeHtml, sheets: Sequence[CSS], font_configuration: Any) -> Fitted:
    """Fit the tables of a document that are too wide for their pages.

    Sets classes under `root`: of tables, of cells, and of heads and page breaks right before a turned table, which
    go with it. `sheets` are all that the layout will have, in their order. Findings are about the `data-table` of
    their table.
    """
    tables = outermost_tables(root)
    for table in tables:
        mark_texts(table)
    measure = Measure(root, make_html, sheets, font_configuration)
    unfitted = measure(tables)
    wide = _first_fit([table for table, it in unfitted.items() if it.missing("") > 0], FITS, measure)
    turnable = [table for table in wide if unfitted[table].turned_room]
    left = _first_fit([table for table in wide if table not in turnable], [LAST_FIT], measure)
    left += _first_fit(turnable, [f"{TURNED} {fit}".strip() for fit in (*FITS, LAST_FIT)], measure)
    at_last = measure([table for table in tables if table in left])
    findings = tuple(_broken_up(table, measured, measure) for table, measured in at_last.items())
    turned = [table for table in tables if TURNED in classes_of(table)]
    take_along(root, turned)
    return Fitted(turned_pages(measure.sizes) if turned else "", findings)


def turned_sheet(make_html: MakeHtml, sheets: Sequence[CSS], font_configuration: Any) -> str:
    """CSS for the pages of turned tables in a style, for who has such pages and not their tables."""
    measure = Measure(Element("html"), make_html, sheets, font_configuration)
    measure.lay_out_probe({""}, measure.sheets)
    return turned_pages(measure.sizes)


def _first_fit(tables: Sequence[Element], fits: Sequence[str], measure: Measure) -> list[Element]:
    """Give each table the first classes with which it fits; those that never do get the last and are returned.

    Each fit makes a table narrower than the one before, so that the first is found by halving.
    """
    spans = {table: (0, len(fits)) for table in tables}  # from the first fit that may do to one that does
    while open_tables := [table for table, (low, high) in spans.items() if low < high]:
        for table in open_tables:
            _fit(table, fits[sum(spans[table]) // 2])
        measured = measure(open_tables)
        for table in open_tables:
            low, high = spans[table]
            middle = (low + high) // 2
            is_wide = table in measured and measured[table].missing(fits[middle]) > 0
            spans[table] = (middle + 1, high) if is_wide else (low, middle)
    for table, (first, _) in spans.items():
        _fit(table, fits[min(first, len(fits) - 1)])
    return [table for table, (first, _) in spans.items() if first == len(fits)]


def _broken_up(table: Element, before: Measured, measure: Measure) -> Finding:
    """Let all words of a table be broken, as the last resort, and say so."""
    fit = " ".join(name for name in classes_of(table) if name in _FIT_CLASSES - {FITTED})
    _fit(table, f"{fit} {BREAKABLE}")
    after = measure([table])[table].missing(fit)
    smallest = "turned and at its smallest" if TURNED in fit.split() else "at its smallest"
    missing = f"{before.missing(fit) * POINTS:.0f} pt too wide {smallest}"
    ending = f"it sticks out by {after * POINTS:.0f} pt" if after > 0 else "its words are broken to make it fit"
    return TOO_WIDE.at(
        None,
        f"a table of {_columns(table)} is {missing}; {ending}",
        hint="divide it, shorten its longest words, or set `table-smallest` or `page-size`",
        about=table.get("data-table", ""),
    )


# Classes


_FIT_CLASSES = frozenset((FITTED, TURNED, BREAKABLE, *" ".join((*FITS, LAST_FIT)).split()))


def _fit(table: Element, fit: str) -> None:
    """Give a table the classes of a fit instead of those that it has."""
    others = [name for name in classes_of(table) if name not in _FIT_CLASSES]
    table.set("class", " ".join((*others, FITTED, *fit.split())))


def _columns(table: Element) -> str:
    count = next((name.removeprefix("columns-") for name in classes_of(table) if name.startswith("columns-")), "")
    return "one column" if count == "1" else f"{count} columns"


def mark_texts(table: Element) -> None:
    """Mark cells by how much they hold, as columns of texts need some width; and those with very long words.

    Heads have a class of their own instead; the first row counts as one, as it is one more often than not.
    """
    heads = {cell for head in table.iter("thead") for cell in head.iter()}
    heads.update(next(table.iter("tr"), table))
    for cell in table.iter():
        if cell.tag in ("td", "th"):
            kinds = _kinds(cell, in_head=cell in heads)
            if kinds:
                cell.set("class", " ".join((*classes_of(cell), *kinds)))


def _kinds(cell: Element, *, in_head: bool) -> list[str]:
    words = words_of(cell)
    kinds = [LONG_WORD] if any(len(word) >= LONGEST_WORD for word in words) else []
    if in_head:
        kinds += [HEAD] if is_head_of_words(cell, words) else []
    elif cell.find(".//table") is None and (kind := kind_of_text(words)):
        kinds.append(kind)
    return kinds


def take_along(root: Element, turned: Sequence[Element]) -> None:
    """Let heads and breaks of original pages right before a turned table stand on its page.

    They would be alone on the page before, as the table begins a new one.
    """
    if not turned:
        return
    parents = parents_in(root)
    for table in turned:
        siblings = list(parents[table])
        for before in reversed(siblings[: siblings.index(table)]):
            if not _belongs_to_next(before):
                break
            before.set("class", f"{before.get('class', '')} {TURNED}")


def _belongs_to_next(element: Element) -> bool:
    if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "header"):
        return True
    return not BELONGS_TO_NEXT.isdisjoint(classes_of(element))
