"""First letters with a style of their own (`::first-letter`), made once, and drawn in their turn.

The engine makes their boxes each time that it lays out a paragraph's first line: of a letter that was made before it
makes another in it, with the same style. One that floats, as a drop capital does, then floats in a line of itself and
stops the layout; others get their room twice. A line is laid out again on a page that is made again.

CSS paints floats before all text that they stand in (CSS 2.2, appendix E): the drop capitals of a page would come in a
row before its first word, and so they would be copied out of the PDF. One that floats is drawn with its line here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from weasyprint.formatting_structure import boxes

TAG = "::first-letter"
"""What the engine's name of the element ends with for a first letter's boxes."""


def made_once(first_letter_to_box: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's making of first letters, but where there is one."""

    def make_first_letter(box: Any, skip: Any, style: Any) -> Any:
        if box.children and (box.children[0].element_tag or "").endswith(TAG):
            return skip
        return first_letter_to_box(box, skip, style)

    return make_first_letter


def with_letters_in_turn(dispatch_children: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's sorting of boxes by when they are painted, with floating first letters among their lines."""

    def dispatch_in_turn(box: Any, *lists: Any) -> Any:
        if isinstance(box, boxes.LineBox | boxes.InlineBox) and any(map(_is_floating_letter, box.children)):
            box = box.copy_with_children(
                [_as_in_line(child) if _is_floating_letter(child) else child for child in box.children]
            )
        return dispatch_children(box, *lists)

    return dispatch_in_turn


def _is_floating_letter(box: Any) -> bool:
    return isinstance(box, boxes.BlockBox) and (box.element_tag or "").endswith(TAG)


def _as_in_line(letter: Any) -> Any:
    """A floating first letter as a box that is drawn where it stands among those of its line."""
    made = boxes.InlineBox(letter.element_tag, letter.style, letter.element, letter.children)
    vars(made).update(vars(letter))
    made.is_floated = bool
    return made


HOOKS: dict[str, Callable[[Callable[..., Any]], Callable[..., Any]]] = {
    "weasyprint.layout.inline.first_letter_to_box": made_once,
    "weasyprint.stacking._dispatch_children": with_letters_in_turn,
}
"""What `engine` wraps: dotted name → function that is given the original and gives its replacement."""
