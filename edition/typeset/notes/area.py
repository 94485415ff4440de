"""Setting notes in the note area: one block container, cut by the engine's own block layout.

Only the first note of an area can be a continuation and only the last can be cut, so orphans, widows, lists,
tables, hyphens and justification are the engine's. This module knows how notes are set in a given room; it
does not know which notes a page holds, nor why (see `foot`).

Lengths are CSS pixels. A skip is the engine's way to say where in a box to go on: `{child: skip or None}`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from weasyprint.css.properties import Dimension
from weasyprint.formatting_structure import boxes, build
from weasyprint.layout import block

Box = Any
Skip = dict[int, Any]

FEWEST_LINES = 2
"""A note begins with at least so many lines, or it does not begin on that page."""


class Note:
    """A note of the document: the engine's box for it, and the notes that are called from within it."""

    def __init__(self, source: Box, nested: Sequence[Note]) -> None:
        self.source = source
        self.nested = tuple(nested)
        self._box: Box | None = None

    @property
    def group(self) -> tuple[Note, ...]:
        """The note and those called from within it, at any depth, in the order in which they are printed."""
        return (self, *(note for nested in self.nested for note in nested.group))

    @property
    def box(self) -> Box:
        """The note's box, ready to be laid out. The layout never changes what matters in it."""
        if self._box is None:
            self._box = build.create_anonymous_boxes(settled_text(self.source.deepcopy()))
        return self._box

    def refresh(self) -> None:
        """Forget the box that was made ready: page references inside the note may have been filled in."""
        self._box = None


def settled_text(box: Box) -> Box:
    """White space collapsed and text-transform applied, which the engine's tree walk leaves out in notes.

    A float in a note stands in the flow: the engine could not carry the rest of a float to the next page. The
    engine's own mark goes where it is empty: it would make a line without height of its own.
    """
    box.children = [child for child in box.children if not _is_empty_mark(child)]
    box.process_whitespace()
    box.process_text_transform()
    for descendant in box.descendants():
        if descendant is not box and descendant.is_floated():
            descendant.style = descendant.style.copy()
            descendant.style["float"] = "none"
    return box


def _is_empty_mark(box: Box) -> bool:
    return (box.element_tag or "").endswith("::footnote-marker") and not any(
        getattr(child, "text", "") or isinstance(child, boxes.ReplacedBox) for child in box.descendants()
    )


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
    area = template.copy_with_children([note.box for note in notes])
    area.height = "auto"
    positioned: list[Box] = []
    with context.setting_notes(area, area.position_y + room):
        laid_out, resume, *_ = block.block_level_layout(
            context,
            area,
            0 if room < inf else -inf,  # -inf forbids every break
            {0: skip} if skip else None,
            area.page,
            force,
            positioned,
            positioned,
        )
    if laid_out is None or not laid_out.children:
        return NOTHING
    laid_out.children[0].continued = bool(skip)
    ended, cut = _reach(resume, len(notes))
    if cut is not None:
        begins_here = ended > 0 or not skip
        if begins_here and not force and _count_lines(laid_out.children[-1]) < FEWEST_LINES:
            cut = None
            laid_out.children = laid_out.children[:-1]
            if not laid_out.children:
                return NOTHING
        else:
            _shrink_to(laid_out, drawn_bottom(laid_out))
    bottom = max(child.position_y + child.margin_height() for child in laid_out.children)
    laid_out.height = max(0, bottom - laid_out.content_box_y())
    return Fit(laid_out, ended, cut, positioned)


def _reach(resume: Skip | None, count: int) -> tuple[int, Skip | None]:
    """How many of `count` notes ended, and where the next goes on."""
    if resume is None:
        return count, None
    ((index, cut),) = resume.items()
    return index, cut


def lines(box: Box) -> Iterator[Box]:
    """The line boxes in a laid-out box, in tree order."""
    return (child for child in box.descendants() if isinstance(child, boxes.LineBox))


def _count_lines(box: Box) -> int:
    return sum(line.height > 0 for line in lines(box))


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
