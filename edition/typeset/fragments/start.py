"""How a fragment begins in the engine: on which side, under which page names, with which numbers of other pages.

What the engine lays out as a document of its own goes on in the middle of a book. The fragment's start is on the
engine's HTML; from there it gets to where it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from weasyprint.css.targets import TargetLookupItem, anchor_name_from_token
from weasyprint.draw import draw_stacking_context
from weasyprint.formatting_structure import boxes
from weasyprint.layout.page import PageType
from weasyprint.stacking import StackingContext
from weasyprint.text.ffi import ffi, pango
from weasyprint.urls import get_url_tuple

from edition.typeset.fragments.endings import Endings
from edition.typeset.fragments.laid import Start

Function = Callable[..., Any]
Asker = tuple[Any, str]
"""An HTML element, and the tag of what is generated in it: `a::after`, say."""


@dataclass(slots=True)
class Fragment:
    """A fragment while the engine lays it out: it is the `fragment` of the engine's HTML."""

    start: Start
    pages: Mapping[str, int]
    """The page numbers of anchors, as far as they are known."""
    opens: bool = True
    """Whether page numbers may be left open."""
    numbers: dict[str, int] = field(default_factory=dict)
    """Those that were asked for, with what was answered."""
    asked: dict[Asker, list[str]] = field(default_factory=dict)
    """The anchors whose page numbers generated content prints, in order."""
    elsewhere: dict[Any, set[str]] = field(default_factory=dict)
    """Anchors whose page numbers are asked for by anything else, by the HTML element that asks."""
    endings: Endings | None = None
    """Where it may end."""
    context: Any = None
    """The engine's layout context, for what it knows of the finished pages."""


class OpenFonts(dict[Any, Any]):
    """The fonts of a fragment's drawing, which are written once for the whole book."""


class OpenPages(list[Any]):
    """The pages of a fragment, whose links may lead out of it."""


def fragment_of(html: Any) -> Fragment | None:
    return getattr(html, "fragment", None)


def with_known_pages(get_all_computed_styles: Function) -> Function:
    """The engine's styles of a document; what looks up page numbers is told those of the book."""

    def get_styles(html: Any, *arguments: Any) -> Any:
        collector = next(argument for argument in arguments if hasattr(argument, "collect_anchor"))
        collector.fragment = fragment_of(html)
        return get_all_computed_styles(html, *arguments)

    return get_styles


def looking_elsewhere(lookup_target: Function) -> Function:
    """The engine's look-up of a target, whose page number is the book's: the fragment has only pages of its own."""

    def lookup(collector: Any, token: Any, source: Any, *rest: Any) -> Any:
        fragment = getattr(collector, "fragment", None)
        if fragment is None:
            return lookup_target(collector, token, source, *rest)
        name = anchor_name_from_token(_resolved(token, source))
        if name is None:
            return lookup_target(collector, token, source, *rest)
        number = fragment.numbers[name] = fragment.pages.get(name, 0)
        if rest[0] == "content" and "::" in (source.element_tag or ""):
            fragment.asked.setdefault((source.element, source.element_tag), []).append(name)
        else:
            fragment.elsewhere.setdefault(source.element, set()).add(name)
        item = TargetLookupItem("up-to-date")
        item.target_box = boxes.InlineBox("a", source.style, None, [])
        item.target_box.cached_counter_values = {"page": [number]}
        return item

    return lookup


def _resolved(token: Any, source: Any) -> Any:
    """The token of a target, `attr()` read."""
    if token[0] != "attr()":
        return token
    name, type_, fallback = token[1]
    value = source.element.get(name, fallback)
    return ("string", value) if type_ == "string" else ("url", get_url_tuple(value, source.style.base_url))


def begun(layout_document: Function) -> Function:
    """The engine's layout of a document, which knows its fragment, and is known to it."""

    def lay_out(html: Any, root: Any, context: Any) -> Iterator[Any]:
        context.fragment = fragment_of(html)
        if context.fragment is not None:
            context.fragment.context = context
        return layout_document(html, root, context)  # type: ignore[no-any-return]

    return lay_out


def on_its_side(initialize_page_maker: Function) -> Function:
    """The engine's state before the first page, of a fragment as it begins in the book.

    Margins that styles discard after such a break are discarded: the engine spares those of a document's first page.
    """

    def initialize(context: Any, root: Any) -> None:
        initialize_page_maker(context, root)
        if context.fragment is None:
            return
        resume, next_page, _, state, remake = context.page_maker[0]
        start = context.fragment.start
        context.page_maker[0] = resume, next_page, start.right, state, remake
        root.page_groups = list(_groups_going_on(root))
        for box in _going_on(root):
            box.force_fragmentation = True
        if not start.first:
            discarded = ("discard", "auto") if start.happens and not next_page["page"] else ("discard",)
            for box in _at_the_top(root):
                if box.style["margin_break"] in discarded and box.style["margin_top"] != "auto":
                    box.style["margin_top"] = box.style["margin_top"]._replace(value=0, unit="px")

    return initialize


def _going_on(root: Any) -> Iterator[Any]:
    """The boxes of the elements that go on after a fragment: they reach to the foot of its last page."""
    box = root
    while box is not None:
        children = (child for child in reversed(getattr(box, "children", ())) if child.element is not None)
        box = next((child for child in children if child.element.get("data-goes-on") is not None), None)
        if box is not None:
            yield box


def _at_the_top(root: Any) -> Iterator[Any]:
    """The boxes whose top margins meet the top of the first page."""
    box = root
    while box is not None:
        yield box
        style = box.style
        if box is not root and (style["padding_top"].value or style["border_top_width"]):
            return
        box = next((child for child in getattr(box, "children", ()) if child.is_in_normal_flow()), None)


def _groups_going_on(root: Any) -> Iterator[list[Any]]:
    """The page groups of the elements around a fragment, as the engine has them: name, pages so far, the way there.

    How many pages they had is not known; that the fragment's first page is not theirs is.
    """
    path: list[int] = []
    box, name = root, root.style["page"]
    while True:
        found = (
            (index, child)
            for index, child in enumerate(getattr(box, "children", ()))
            if child.element is not None
            and (child.element.tag == "body" or child.element.get("data-continues") is not None)
        )
        index, box = next(found, (0, None))
        if box is None:
            return
        path.append(index)
        if box.style["page"] != name and box.element.tag != "body":
            name = box.style["page"]
            way: Any = None
            for step in reversed(path):
                way = {step: way}
            yield [name, 1, way]


def groups_going_on(update_page_groups: Function) -> Function:
    """The engine's page groups before a page; on a fragment's first page, those that began before it are there."""

    def update(groups: list[Any], resume: Any, next_page: Any, root: Any, blank: bool) -> Any:
        before = getattr(root, "page_groups", ())
        if resume is not None or not before:
            return update_page_groups(groups, resume, next_page, root, blank)
        name = next_page["page"]
        if before[-1][0] != name:
            name = update_page_groups(groups, resume, next_page, root, blank)
        groups[:0] = deepcopy(before)
        return name

    return update


def as_in_the_book(page_type: PageType, fragment: Fragment) -> PageType:
    """A page's type for selectors: only the book's very first page is the first."""
    return page_type if fragment.start.first else page_type._replace(index=page_type.index + 1)


def styled_by_kind(set_page_type_computed_styles: Function) -> Function:
    """The engine's styles of a page's type and margin boxes, computed once for all types that selectors cannot tell.

    The engine looks at every element of the book for each page; a page of a fragment is no first page.
    """

    def set_styles(page_type: PageType, html: Any, style_for: Any) -> None:
        fragment = fragment_of(html)
        seen = as_in_the_book(page_type, fragment) if fragment else page_type
        kinds = style_for.__dict__.setdefault("page_kinds", {})
        kind = _kind(seen, style_for)
        if kind not in kinds:
            set_page_type_computed_styles(seen, html, style_for)
            computed = style_for.get_computed_styles().items()
            kinds[kind] = {pseudo: style for (element, pseudo), style in computed if element == seen}
        style_for.get_computed_styles().update({(page_type, pseudo): s for pseudo, s in kinds[kind].items()})

    return set_styles


def _kind(page_type: PageType, style_for: Any) -> tuple[bool, ...]:
    """Which of all page selectors match."""
    selectors = style_for.__dict__.get("page_selectors")
    if selectors is None:
        found = (
            selector
            for sheet, _, _ in style_for._sheets
            for _, selector_list, _ in sheet.page_rules
            for _, _, selector in selector_list
        )
        selectors = style_for.__dict__["page_selectors"] = tuple(dict.fromkeys(found))
    return tuple(style_for._page_type_match(selector, page_type) for selector in selectors)


def with_open_links(resolve_links: Function) -> Function:
    """The engine's links of a document; those of a fragment may lead elsewhere in the book."""

    def resolve(pages: Any) -> Iterator[tuple[list[Any], list[Any]]]:
        if not isinstance(pages, OpenPages):
            yield from resolve_links(pages)
            return
        for page in pages:
            yield page.links, []

    return resolve


def left_open(build_fonts_dictionary: Function) -> Function:
    """The engine's writing of fonts, which for a fragment waits until the book is put together."""

    def build(pdf: Any, fonts: Any, *arguments: Any) -> Any:
        return build_fonts_dictionary(pdf, {} if isinstance(fonts, OpenFonts) else fonts, *arguments)

    return build


def without_furniture(make_margin_boxes: Function) -> Function:
    """The engine's margin boxes, which a fragment's pages get when the book is put together."""

    def make(context: Any, page: Any, state: Any) -> Iterator[Any]:
        if context.fragment is not None:
            page.folio = page.opens_with = ""
            return iter(())
        return make_margin_boxes(context, page, state)  # type: ignore[no-any-return]

    return make


def margins_alone(draw_page: Function) -> Function:
    """The engine's drawing of a page; of one that has its text elsewhere, no background: that is under the text."""

    def draw(page: Any, stream: Any) -> None:
        if getattr(page, "has_text_elsewhere", False):
            draw_stacking_context(stream, StackingContext.from_page(page))
        else:
            draw_page(page, stream)

    return draw


def described(init: Function) -> Function:
    """The engine's fonts, which remember what describes them: they are made of it again for the whole book."""

    def init_described(font: Any, pango_font: Any, description: Any, size: float) -> None:
        init(font, pango_font, description, size)
        font.description = ffi.string(pango.pango_font_description_to_string(description)).decode()

    return init_described


HOOKS: dict[str, Callable[[Function], Function]] = {
    "weasyprint.document.get_all_computed_styles": with_known_pages,
    "weasyprint.css.targets.TargetCollector.lookup_target": looking_elsewhere,
    "weasyprint.document.layout_document": begun,
    "weasyprint.layout.initialize_page_maker": on_its_side,
    "weasyprint.layout.page._update_page_groups": groups_going_on,
    "weasyprint.layout.page.set_page_type_computed_styles": styled_by_kind,
    "weasyprint.pdf.resolve_links": with_open_links,
    "weasyprint.pdf.build_fonts_dictionary": left_open,
    "weasyprint.layout.make_margin_boxes": without_furniture,
    "weasyprint.document.draw_page": margins_alone,
    "weasyprint.pdf.fonts.Font.__init__": described,
}
"""What `engine` wraps: dotted name → function that is given the original and gives its replacement."""
