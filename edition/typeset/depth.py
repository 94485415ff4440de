"""Depth: the last line of a page is brought down to its foot.

Widows, heads that stay with their text, and blocks that are not cut leave lines empty at the foot of a page. Where
its length alone ended the page, spaces between its blocks are widened by as much. It depends on what stands on the
page, not on its side or place in the book; facing pages are of one depth because each of them is of full depth.

Only boxes that are laid out are moved: what is looked for in them later (links, destinations, marks in the margin,
backgrounds) moves with them. This module does not know why a page is short, nor of notes: they stand at the foot
anyway, and the space above them takes what the text leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, NamedTuple

from weasyprint.draw.color import get_color
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.layout.block import block_level_page_break

from edition.typeset.lines.settings import value_of

Box = Any
LEAST_SPACE = 0.4
"""What blocks have between them, in lines, to be seen as parted: less is not widened."""
MOST_LINES = 3
"""So many lines the spaces of a page may take together."""
SLACK = 0.25
"""Lengths that differ by no more, in pixels, are one."""


class Extent(NamedTuple):
    """What a box shows, from the top of the page, in pixels."""

    top: float
    bottom: float


NOTHING = Extent(inf, -inf)


@dataclass(frozen=True, slots=True)
class Space:
    """The space between two blocks of a text."""

    above: tuple[tuple[Box, int], ...]
    """From the text itself inward: each box around the lower block, and which of its children is the first below."""
    height: float
    top: float
    most: float
    """How many lines it may be widened by."""
    before_head: bool
    """Whether a head follows, or a document: no page may end right after what comes first."""


def bring_to_depth(text: Box | None, top: float, bottom: float) -> None:
    """Widen spaces of a page's laid-out text so that it ends where full pages end.

    `top` and `bottom` are those of the page's text area, in pixels from the top of the page; full pages end with the
    last whole line in it. The text stays as it is where that takes more than its style lets spaces give
    (`--page-depth-stretch`), and with floats or boxes on it that have a place of their own.
    """
    step = _step(text) if text is not None else 0.0
    if not step:
        return
    foot = top + int((bottom - top + SLACK) / step) * step
    missing = foot - _extent(text).bottom
    if not SLACK < missing < foot or not _is_simple(text):
        return
    for space, by in _shares(list(_spaces(text, (), step)), missing, step):
        _widen(space, by, bottom)


def lines_that_spaces_give(text: Box | None) -> int:
    """How many lines of a page's text its spaces can take."""
    if text is None or not _is_simple(text):
        return 0
    return min(MOST_LINES, int(sum(space.most for space in _spaces(text, (), _step(text)))))


def drawn_bottom(text: Box | None) -> float:
    """Where what a page's text shows ends, in pixels from the top of the page; -inf if it shows nothing."""
    return _extent(text).bottom if text is not None else -inf


def _is_simple(text: Box) -> bool:
    """Whether everything in a text stands where the flow puts it."""
    for child in text.descendants(placeholders=True):
        style = child.style
        if child.is_floated():
            return False
        if child.is_absolutely_positioned() and (
            style["position"] == "fixed" or style["top"] != "auto" or style["bottom"] != "auto"
        ):
            return False
    return True


def _step(text: Box) -> float:
    """The height of most lines of a text."""
    heights = Counter(round(line.height, 3) for line in text.descendants() if isinstance(line, boxes.LineBox))
    return max(heights.items(), key=lambda found: (found[1], found[0]))[0] if heights else 0.0


def _extent(box: Box) -> Extent:
    """From where to where a box shows something: lines, pictures, borders and backgrounds."""
    if isinstance(box, AbsolutePlaceholder) or not box.is_in_normal_flow():
        return NOTHING
    if isinstance(box, boxes.LineBox):
        return Extent(box.position_y, box.position_y + box.height) if box.height else NOTHING
    if isinstance(box, boxes.ReplacedBox) or _shows(box):
        top = box.border_box_y()
        return Extent(top, top + box.border_height())
    found = [_extent(child) for child in getattr(box, "children", ())]
    return Extent(min((one.top for one in found), default=inf), max((one.bottom for one in found), default=-inf))


def _shows(box: Box) -> bool:
    """Whether a box has edges or a ground to be seen."""
    style = box.style
    return (
        any(getattr(box, f"border_{side}_width", 0) for side in ("top", "bottom"))
        or get_color(style, "background_color").alpha > 0
        or any(kind != "none" for kind, _ in style["background_image"])
    )


def _spaces(box: Box, above: tuple[tuple[Box, int], ...], step: float) -> Iterator[Space]:
    """The spaces between the blocks of a text that may be widened: where a page might end between them, too."""
    if box.style["break_inside"] in ("avoid", "avoid-page"):
        return
    upper, bottom, first = None, -inf, 0
    for turn, child in enumerate(box.children):
        if isinstance(child, AbsolutePlaceholder) or not isinstance(child, boxes.BlockLevelBox):
            continue
        extent = _extent(child)
        if extent == NOTHING:
            continue
        around = (*above, (box, turn))
        if upper is not None:
            below = (*above, (box, first))
            yield from _space_between(upper, child, below, Extent(bottom, extent.top), step)
        if type(child) is boxes.BlockBox and not child.is_column:
            yield from _spaces(child, around, step)
        upper, bottom, first = child, extent.bottom, turn + 1


def _space_between(
    upper: Box, lower: Box, above: tuple[tuple[Box, int], ...], extent: Extent, step: float
) -> Iterator[Space]:
    height = extent.bottom - extent.top
    most = value_of(lower.style["__page_depth_stretch"])
    if not isinstance(most, float) or most <= 0 or height < LEAST_SPACE * step:
        return
    if block_level_page_break(upper, lower) != "avoid":
        yield Space(above, height, extent.top, most, _begins_with_head(lower))


def _begins_with_head(box: Box) -> bool:
    while isinstance(box, boxes.BlockLevelBox):
        if box.style["break_after"] in ("avoid", "avoid-page"):
            return True
        box = next((child for child in getattr(box, "children", ()) if _extent(child) != NOTHING), None)
    return False


def _shares(spaces: Sequence[Space], missing: float, step: float) -> list[tuple[Space, float]]:
    """By how much each space is widened; nothing if together they can't give what is missing.

    Where the text ends on its grid, whole lines go above heads, the greatest space first. The rest is shared by all
    other spaces: between them the text leaves the grid, and comes back to it at the foot.
    """
    if missing > MOST_LINES * step + SLACK:
        return []
    given: dict[int, float] = {}
    if abs(missing / step - round(missing / step)) * step <= SLACK:
        heads = [turn for turn, space in enumerate(spaces) if space.before_head and space.most >= 1]
        for turn in sorted(heads, key=lambda turn: (-spaces[turn].height, -turn)):
            by = min(int(spaces[turn].most), round(missing / step)) * step
            if by:
                given[turn] = by
                missing -= by
    others = [turn for turn in range(len(spaces)) if turn not in given]
    room = sum(spaces[turn].most for turn in others) * step
    if missing > room + SLACK:
        return []
    if missing > SLACK:
        given |= {turn: missing * spaces[turn].most * step / room for turn in others}
    return [(spaces[turn], by) for turn, by in given.items()]


def _widen(space: Space, by: float, bottom: float) -> None:
    """Move all that is below a space down; what is around it gets higher, but not beyond the foot of the page."""
    for depth, (box, first) in enumerate(space.above):
        innermost = depth == len(space.above) - 1
        for child in box.children[first if innermost else first + 1 :]:
            child.translate(dy=by)
        end = box.position_y + box.margin_height()
        box.height += min(by, max(0.0, bottom - end))
