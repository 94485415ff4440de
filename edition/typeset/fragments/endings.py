"""Where a page of a stretch ends before a document or a block of one: there one fragment ends, and the next begins.

Nothing may go on over such a place: no note, no float, no line, and nothing but ordinary blocks may be open. Then the
pages after it are what they would be if the engine began there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes

from edition.typeset.fragments.laid import Start


class Ending(NamedTuple):
    """A place where a fragment ends."""

    pages: int
    """How many of the stretch come before it."""
    place: int
    """The offset of the part that follows, in the stretch."""
    follows: Start
    """How that begins."""


@dataclass(slots=True)
class Endings:
    """What the loop over the pages of a stretch looks for, and what it found."""

    places: Mapping[Any, int]
    """The elements that a fragment may begin with, and their offsets in the stretch."""
    stops: Mapping[int, Collection[Start]] = field(default_factory=dict)
    """The places from which on all is known, if the first page begins like this."""
    keeps_side: bool = False
    """Whether pages stand on the side that they have in the book; otherwise each fragment begins with a right one."""
    found: list[Ending] = field(default_factory=list)
    root: Any = None
    """The box of the root element."""


def noting_endings(make_all_pages: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's loop over pages, which notes where fragments end, and stops where all is known that follows."""

    def make_pages(context: Any, root: Any, html: Any, earlier: list[Any]) -> Iterator[Any]:
        endings = context.fragment.endings if context.fragment is not None else None
        if endings is None:
            yield from make_all_pages(context, root, html, earlier)
            return
        endings.found.clear()
        endings.root = root
        for number, page in enumerate(make_all_pages(context, root, html, earlier), 1):
            yield page
            place = _place_after(context, root, number, endings)
            if place is None:
                continue
            resume, next_page, right, state, remake = context.page_maker[number]
            follows = Start(right or not endings.keeps_side, happens=next_page["break"] == "any")
            endings.found.append(Ending(number, place, follows))
            context.forget_lines()
            context.page_maker[number] = resume, next_page, follows.right, state, remake
            if follows in endings.stops.get(place, ()):
                remake.update(content_changed=False, pages_wanted=False)
                del context.page_maker[number + 1 :]
                return

    return make_pages


def _place_after(context: Any, root: Any, number: int, endings: Endings) -> int | None:
    """The place of the part that follows a page, if the page ends cleanly before one."""
    resume, next_page, *_ = context.page_maker[number]
    made = context.pages_made[number - 1]
    if resume is None or next_page["break"] not in ("any", "page"):
        return None
    if made.next_carry.notes or context.broken_out_of_flow:
        return None
    path = list(way_to(root, resume))
    if len(path) < 2 or path[-1][1] is not None or not all(is_plain(box) for box, _ in path[:-1]):
        return None
    box, around = path[-1][0], path[-2][0]
    if box.element is None or box.element_tag != box.element.tag or not box.is_in_normal_flow():
        return None
    if box.element is around.element or _is_counted(box):
        return None  # in the middle of an element that has lines beside its blocks, or before a number
    before = around.children[: around.children.index(box)]
    follows = any(child.is_in_normal_flow() for child in before)
    return endings.places.get(box.element) if follows else None


def way_to(root: Any, resume: Any) -> Iterator[tuple[Any, Any]]:
    """The boxes on the way to where a page resumes, the root's first, each with the engine's rest of the way in it."""
    box = root
    while True:
        yield box, resume
        if resume is None or len(resume) != 1 or not isinstance(box, boxes.ParentBox):
            return
        ((index, resume),) = resume.items()
        if index >= len(box.children):
            return
        box = box.children[index]


def is_plain(box: Any) -> bool:
    """Whether a box is an ordinary block, that goes on on the next page as if a new one of its kind began there."""
    style = box.style
    return (
        isinstance(box, boxes.BlockBox)
        and not (box.is_table_wrapper or box.is_column or box.is_flex_item or box.is_grid_item)
        and box.is_in_normal_flow()
        and not _has_marker(box)
        and style["position"] == "static"
        and style["box_decoration_break"] == "slice"
        and style["height"] == "auto"
        and not getattr(style["min_height"], "value", 0)
        and style["max_lines"] == "none"
        and style["continue"] == "auto"
        and style["column_count"] == style["column_width"] == "auto"
        and box.first_letter_style is None
        and box.first_line_style is None
    )


def _has_marker(box: Any) -> bool:
    style = box.style
    has_none = style["list_style_type"] == "none" and style["list_style_image"] == ("none", None)
    return "list-item" in style["display"] and not has_none


def _is_counted(box: Any) -> bool:
    """Whether what stands before an item may be its number in the list."""
    kind = box.style["list_style_type"]
    return _has_marker(box) and not (kind in ("disc", "circle", "square") or kind[0] == "string")


HOOKS: dict[str, Callable[..., Any]] = {"weasyprint.layout.make_all_pages": noting_endings}
"""What `engine` wraps: dotted name → function that is given the original and gives its replacement."""
