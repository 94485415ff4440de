"""Floats that stand in a line, as drop capitals do: what comes after them in the line makes room.

The engine moves what stands in the line before a float at the left, but not what comes after it, so that this is
drawn over the float (`_out_of_flow_layout` adds to a position that its caller never sees). It then counts the float as
part of the line's width or not, as it comes. Here it never is: a line is as wide as its text with the indent before
it, as the room that it is aligned in is what floats leave.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from weasyprint.formatting_structure import boxes

AT_LEFT = ("left", "inline-start")


def with_room_beside(split_inline_box: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's splitting of inline boxes, with room beside the floats of a line."""

    def split_with_room_beside(context: Any, box: Any, *arguments: Any) -> Any:
        result = split_inline_box(context, box, *arguments)
        if isinstance(box, boxes.LineBox) and box.style["direction"] == "ltr":
            _make_room(result[0])
        return result

    return split_with_room_beside


def _make_room(line: Any) -> None:
    taken, last = 0.0, None
    for child in line.children:
        if child.is_floated() and child.style["float"] in AT_LEFT:
            taken += float(child.margin_width())
        elif child.is_in_normal_flow():
            if taken:
                child.translate(taken, ignore_floats=True)
            last = child
    if taken and last is not None:
        line.width = last.position_x + last.margin_width() - line.content_box_x() - taken


HOOKS = {"weasyprint.layout.inline.split_inline_box": with_room_beside}
"""What `engine` wraps: dotted name → function that is given the original and gives its replacement."""
