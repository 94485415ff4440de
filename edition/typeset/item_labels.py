"""Labels of list items, which float beside their text: never parted from it, and drawn in their turn.

CSS paints floats before all text that they stand in (CSS 2.2, appendix E). The labels of a page would come in a row
before its first word, and so they would be copied out of the PDF. Labels overlap nothing, so that their turn is free.
`engine` installs HOOKS.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

from weasyprint.formatting_structure import boxes


def labels_fitting(out_of_flow_layout: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's floats; a label always fits, and it is for the text beside it to say that both go on to a new page.

    Where a label has no room the engine leaves its item on the page, with nothing in it, and so the head above.
    """

    def lay_out_out_of_flow(context: Any, box: Any, index: int, child: Any, *rest: Any) -> Any:
        if _is_label(child):
            *rest_of_it, _ = rest
            return out_of_flow_layout(context, box, index, child, *rest_of_it, -inf)
        return out_of_flow_layout(context, box, index, child, *rest)

    return lay_out_out_of_flow


def with_labels_in_turn(dispatch_children: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's sorting of boxes by when they are painted, with labels of items among the blocks in the flow."""

    def dispatch_in_turn(box: Any, *lists: Any) -> Any:
        if isinstance(box, boxes.BlockBox) and any(map(_is_label, box.children)):
            box = box.copy_with_children(
                [_as_in_flow(child) if _is_label(child) else child for child in box.children]
            )
        return dispatch_children(box, *lists)

    return dispatch_in_turn


def _is_label(box: Any) -> bool:
    """Whether a box is a label that floats beside the blocks of its item."""
    if not isinstance(box, boxes.BlockBox) or not box.is_floated() or box.element is None:
        return False
    return "label" in box.element.get("class", "").split()


def _as_in_flow(box: Any) -> Any:
    box = box.copy()
    box.is_floated = _never
    return box


def _never() -> bool:
    return False


HOOKS = {
    "weasyprint.layout.block._out_of_flow_layout": labels_fitting,
    "weasyprint.stacking._dispatch_children": with_labels_in_turn,
}
"""What `engine` wraps: dotted name → function that is given the original and gives its replacement."""
