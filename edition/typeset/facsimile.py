"""The last line before a facsimile break: full, as the paragraph goes on, unless it is too short for that.

A paragraph that is cut by an original page break ends in a line that the original ends with, which may hold
three words. Justified, they would stand at the edges of the measure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SHORTEST_FULL_LINE = 0.7
"""The least part of the measure that a last line must fill by itself to be justified."""


def sparing_short_lines(text_align: Callable[..., float]) -> Callable[..., float]:
    """The engine's alignment of a line, with short last lines left as they are instead of stretched."""

    def text_align_sparing_short_lines(context: Any, line: Any, available_width: float, last: bool) -> float:
        stretched = last and line.style["text_align_last"] == "justify"
        if stretched and line.width < SHORTEST_FULL_LINE * available_width:
            ranged_left = line.style["direction"] == "ltr"
            return 0 if ranged_left else available_width - line.width
        return text_align(context, line, available_width, last)

    return text_align_sparing_short_lines


HOOKS = {"weasyprint.layout.inline.text_align": sparing_short_lines}
"""What `engine` wraps: dotted name → function that is given the original and gives its replacement."""
