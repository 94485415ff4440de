"""Setting notes in the note area: one block container, cut by the engine's own block layout.

Only the first note of an area can be a continuation and only the last can be cut, so orphans, widows, lists,
tables, hyphens and justification are the engine's. This module knows how notes are set in a given room; it
knows neither how they become boxes (see `note`), nor which notes a page holds and why (see `foot`).

Lengths are CSS pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from weasyprint.css.properties import Dimension
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block

from edition.typeset.notes.note import Blocks, Box, Note, Skip

FEWEST_LINES = 2
"""A note begins with at least so many lines, or it does not begin on that page."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Notes as they were set in a given room."""

    area: Box | None = None
    """The laid-out area, or None if nothing fits."""
    ended: int = 0
    """How many of the notes end in the area."""
    cut: Skip | None = None
    """Where the next note goes on, if it begins in the area without ending there."""
    positioned: list[Box] = field(default_factory=list)
    """Placeholders of the absolutely positioned boxes in the notes."""

    @property
    def begun(self) -> int:
        """How many of the notes stand in the area, wholly or in part."""
        return self.ended + (self.cut is not None)

    @property
    def height(self) -> float:
        """What the area takes of the page, from margin to margin."""
        return 0.0 if self.area is None else float(self.area.margin_height())


NOTHING = Fit()


class LineCache:
    """Lines of notes that were set before.

    Notes are set again whenever a call joins or leaves the page, and their lines are the same each time: they
    depend on where they begin and on the measure, not on what is above or below.
    """

    def __init__(self) -> None:
        self._lines: dict[Box, dict[Any, tuple[Box, Skip | None]]] = {}

    def set_lines(
        self,
        iter_line_boxes: Callable[..., Any],
        context: Any,
        box: Box,
        top: float,
        bottom_space: float,
        skip: Skip | None,
        block: Box,
        *rest: Any,
    ) -> Iterator[tuple[Box, Skip | None]]:
        """As the engine's `iter_line_boxes`: the lines of a block from `skip` on, each with where to go on."""
        known = self._lines.setdefault(box, {})
        measure = block.width, block.content_box_x()
        while True:
            key = *measure, _frozen(skip)
            if key in known:
                line, resume = known[key]
                line = line.deepcopy()
                line.translate(dy=top - line.position_y)
            else:
                found = iter_line_boxes(context, box, top, bottom_space, skip, block, *rest)
                line, resume = next(found, (None, None))
                if line is None:
                    return
                if _only_text(line):
                    known[key] = line.deepcopy(), resume
            top = line.position_y + line.height
            skip = resume
            yield line, resume
            if skip is None:
                return


def _frozen(skip: Skip | None) -> Any:
    """A skip as a key."""
    return skip and tuple((index, _frozen(inner)) for index, inner in skip.items())


def _only_text(line: Box) -> bool:
    """Whether a line holds nothing but text, which the engine sets in the same way wherever the line stands."""
    kinds = boxes.LineBox | boxes.InlineBox | boxes.TextBox
    return all(isinstance(child, kinds) for child in line.descendants(placeholders=True))


def note_area_template(area: Box) -> Box:
    """The page's own note area, without its limits and with its rule over continuations as well."""
    template = area.copy_with_children([])
    template.style = area.style.copy()
    template.style["box_decoration_break"] = "clone"
    template.style["max_height"] = Dimension(inf, "px")
    return template


def set_notes(
    context: Any, template: Box, notes: Sequence[Note], room: float, skip: Skip | None, force: bool
) -> Fit:
    """Set notes in an area of at most `room`, the first from `skip` on.

    With `force`, the first note is set at least in part however small the room is. A note that goes on after
    fewer than `FEWEST_LINES` lines is not begun, unless it has begun before.
    """
    if not notes or (room <= 0 and not force):
        return NOTHING
    blocks = Blocks(notes)
    area = template.copy_with_children(blocks.boxes())
    area.height = "auto"
    positioned: list[Box] = []
    with context.setting_notes(area, area.position_y + room):
        laid_out, resume, *_ = block.block_level_layout(
            context,
            area,
            0 if room < inf else -inf,  # -inf forbids every break
            blocks.skip_to(skip),
            area.page,
            force,
            positioned,
            positioned,
        )
    if laid_out is None or not laid_out.children:
        return NOTHING
    laid_out.children[0].continued = bool(skip)
    ended, cut = blocks.reached(resume)
    if cut is not None:
        begins_here = ended > 0 or not skip
        if begins_here and not force and _count_lines(laid_out, notes[ended]) < FEWEST_LINES:
            if notes[ended].runs_on:
                return set_notes(context, template, notes[:ended], room, skip, force)
            cut = None
            laid_out.children = laid_out.children[:-1]
            if not laid_out.children:
                return NOTHING
        else:
            _shrink_to(laid_out, drawn_bottom(laid_out))
    bottom = max(child.position_y + child.margin_height() for child in laid_out.children)
    laid_out.height = max(0, bottom - laid_out.content_box_y())
    return Fit(laid_out, ended, cut, positioned)


def lines(box: Box) -> Iterator[Box]:
    """The line boxes in a laid-out box, in tree order."""
    return (child for child in box.descendants() if isinstance(child, boxes.LineBox))


def _count_lines(area: Box, note: Note) -> int:
    """How many lines of the last block of an area a note has a part in."""
    found = [line for line in lines(area.children[-1]) if line.height > 0]
    if not note.runs_on:
        return len(found)
    return sum(any(box.element is note.source.element for box in line.children) for line in found)


def drawn_bottom(box: Box, *, edges: bool = True) -> float:
    """The bottom of what is drawn in a laid-out box: lines, images and, with `edges`, borders and paddings."""
    bottom = -inf
    for child in box.descendants():
        if isinstance(child, boxes.LineBox | boxes.ReplacedBox):
            bottom = max(bottom, child.position_y + child.margin_height())
        elif edges and isinstance(child, boxes.BlockLevelBox | boxes.TableCellBox) and _has_lower_edge(child):
            bottom = max(bottom, child.border_box_y() + child.border_height())
    return bottom


def _has_lower_edge(box: Box) -> bool:
    return bool(getattr(box, "border_bottom_width", 0) or getattr(box, "padding_bottom", 0))


def _shrink_to(box: Box, bottom: float) -> None:
    """Undo the stretching of boxes that are cut: the engine makes them fill their page."""
    for child in box.descendants():
        if isinstance(child, boxes.BlockContainerBox) and child.height != "auto":
            excess = child.position_y + child.margin_height() - bottom
            if excess > 0:
                child.height = max(0, child.height - excess)
