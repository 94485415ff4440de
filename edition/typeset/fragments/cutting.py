"""Where pages begin anew in a style: asked of the engine, on the book's skeleton.

A boundary of fragments is a forced break before an element that may begin one. What forces it (`break-before`,
`break-after`, another page name) is for the engine to say, of the boxes that the style makes of the skeleton.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from typing import Any

from weasyprint import DEFAULT_OPTIONS
from weasyprint.css import AnonymousStyle
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document
from weasyprint.formatting_structure import boxes
from weasyprint.formatting_structure.build import build_formatting_structure
from weasyprint.layout.block import block_level_page_break, block_level_page_name

from edition.styles import Sheet
from edition.typeset.fragments.outline import NEIGHBOURS, Cut, Node, nodes

FORCED = ("page", "left", "right", "recto", "verso")

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_ACROSS = tuple(
    (re.compile(pattern, re.I), name)
    for pattern, name in (
        (r"counter-(?:increment|set|reset)\s*:(?!\s*(?:none|footnote|page)\b)", "counters of its own"),
        (r"display\s*:\s*(?:[\w-]+\s+)*list-item", "items that are numbered"),
        (r"(?:open|close)-quote", "quotes by their depth"),
        (r"target-(?:text|counters)\(", "texts of other places"),
        (
            r"target-counter\(\s*(?:[\w-]+\([^()]*\)|\"[^\"]*\")\s*,(?!\s*page\b)",
            "counters of other places",
        ),
        (r"counters?\(\s*pages?\b", "page numbers in the text"),
        (r"counters?\(\s*footnote\b", "notes that are counted"),
        (r"position\s*:\s*fixed", "what stands on every page"),
        (r":has\(", "`:has()`"),
        (r"\d(?:vw|vh|vmin|vmax|vi|vb)\b", "lengths by the first page's size"),
    )
)
"""What makes the layout of one chapter depend on another, and what to call it."""
_ALL_PAGES = re.compile(r"(?<![\w-])pages(?![\w-])", re.I)
_NTH = re.compile(r":nth\((?!\s*1(?:\s+of\s+[\w-]+)?\s*\))", re.I)
_FAR = re.compile(r"~(?!=)|([a-z][\w-]*)?[^\s>+~,{}]*?(?::nth-(?:last-)?child\s*\(\s*([^)]*)|-of-type\b)", re.I)
"""A part of a selector that may count all elements beside one; groups: the element, if it is named; which of them."""
_NEAR = re.compile(r"(?:\+?(\d+)|-n\s*\+\s*(\d+))\s*", re.I)
_NEVER_CUT = frozenset(("tr", "td", "th", "tbody", "thead", "tfoot", "dt", "dd"))
"""Elements that stand in one fragment with all that are beside them."""


def trouble_with_fragments(sheets: Iterable[Sheet]) -> str:
    """Why a style's books cannot be laid out in fragments; empty if they can."""
    for sheet in sheets:
        text = _COMMENT.sub("", sheet.text)
        if _NTH.search(text):
            return "pages by their number"
        for pattern, name in _ACROSS:
            if pattern.search(_without_pages(text)):
                return name
    return ""


def looks_far(sheets: Iterable[Sheet]) -> bool:
    """Whether selectors of a style may count all elements beside one."""
    found = (_FAR.finditer(_without_pages(_COMMENT.sub("", sheet.text))) for sheet in sheets)
    return any(
        (its[1] or "").lower() not in _NEVER_CUT and not _is_near(its[2] or "")
        for its in chain.from_iterable(found)
    )


def _is_near(which: str) -> bool:
    """Whether only so many elements from the first or the last one are meant as are there beside a fragment."""
    near = _NEAR.fullmatch(which)
    return near is not None and int(near[1] or near[2]) <= NEIGHBOURS


def counts_pages(sheets: Iterable[Sheet]) -> bool:
    """Whether a style may say how many pages there are in the book."""
    return any(_ALL_PAGES.search(_COMMENT.sub("", sheet.text)) for sheet in sheets)


def _without_pages(text: str) -> str:
    """A sheet without its `@page` rules, whose margin boxes may say anything."""
    kept, position = [], 0
    for found in re.finditer(r"@page\b[^{]*\{", text, re.I):
        if found.start() < position:
            continue
        kept.append(text[position : found.start()])
        position, depth = found.end(), 1
        while depth and position < len(text):
            depth += {"{": 1, "}": -1}.get(text[position], 0)
            position += 1
    return "".join([*kept, text[position:]])


def cuts_of(book: Any, root: Node, sheets: list[Any], fonts: Any) -> list[Cut]:
    """Where the fragments of a book begin, in order, given its skeleton as the engine's HTML."""
    by_number = dict(enumerate(nodes(root)))
    tree = _boxes_of(book, sheets, fonts)
    body = root.children[0]
    first = {"right": "right", "left": "left", "recto": "right", "verso": "left"}.get(
        tree.style["break_before"], ""
    )
    cuts = [Cut(body.inside, body.children[0] if body.children else body, first, "")]
    for parent, before, box in _neighbours(tree):
        number = box.element.get("data-node") if box.element is not None else None
        forced = block_level_page_break(before, box)
        if number is None or not (forced in FORCED or block_level_page_name(before, box)):
            continue
        node = by_number[int(number)]
        side = {"recto": "right", "verso": "left"}.get(forced, forced)
        name = parent.style["page"]
        cuts.append(
            Cut(node.start, node, side if side in ("left", "right") else "", "" if name == "auto" else name)
        )
    return sorted({cut.start: cut for cut in cuts}.values(), key=lambda cut: cut.start)


def _boxes_of(book: Any, sheets: list[Any], fonts: Any) -> Any:
    """The tree of the engine's boxes, before any layout."""
    options = {**DEFAULT_OPTIONS, "stylesheets": sheets}
    counters = CounterStyle()
    context = Document._build_layout_context(book, fonts, counters, {}, options)
    return build_formatting_structure(
        book.etree_element,
        context.style_for,
        context.get_image_from_uri,
        book.base_url,
        context.target_collector,
        counters,
        context.footnotes,
    )


def _neighbours(box: Any) -> Iterator[tuple[Any, Any, Any]]:
    """All pairs of boxes of blocks that follow each other in the flow, with their parent.

    What stands in columns or in a flexible box, a grid or a table does not end its page where a break is forced.
    """
    if not isinstance(box, boxes.BlockBox) or box.is_table_wrapper or box.is_column or _has_columns(box):
        return
    children = [child for child in box.children if child.is_in_normal_flow()]
    for before, after in pairwise(children):
        if not isinstance(after.style, AnonymousStyle) and "::" not in after.element_tag:
            yield box, before, after
    for child in children:
        yield from _neighbours(child)


def _has_columns(box: Any) -> bool:
    return any(box.style[name] != "auto" for name in ("column_count", "column_width"))
