"""Text after a fitted table: back on the baseline grid, which lines of a smaller size leave.

The grid's step is the line height around the table, its origin the top of the page's text. What is missing is
blank room under the table, if the page has it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from edition.typeset.tables.fitting import FITTED
from edition.typeset.tables.measuring import classes_of


def back_on_grid(block_level_layout: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's layout of blocks, with room under fitted tables that end."""

    def lay_out_block(context: Any, box: Any, bottom_space: float, *arguments: Any, **keywords: Any) -> Any:
        result = block_level_layout(context, box, bottom_space, *arguments, **keywords)
        laid_out, resume = result[:2]
        if laid_out is not None and resume is None and _is_fitted(laid_out) and context.setting_text:
            missing = _missing(context, laid_out)
            bottom = laid_out.border_box_y() + laid_out.border_height()
            if not context.overflows_page(bottom_space, bottom + missing):
                laid_out.height += missing
        return result

    return lay_out_block


def _is_fitted(box: Any) -> bool:
    return box.is_table_wrapper and box.element_tag == "table" and FITTED in classes_of(box.element)


def _missing(context: Any, wrapper: Any) -> float:
    """From where the text after a table would begin to the next line of the grid; 0 where there is no grid."""
    step = wrapper.style["line_height"]
    if step == "normal":
        return 0.0
    leading = step.value if hasattr(step, "unit") else step * wrapper.style["font_size"]
    bottom = wrapper.position_y + wrapper.margin_height() - context.foot.page_top
    missing = -bottom % leading if leading > 0 else 0
    return float(missing) if missing < leading - 0.01 else 0.0


HOOKS = {"weasyprint.layout.block.block_level_layout": back_on_grid}
"""What `engine` wraps: dotted name → function that is given the original and gives its replacement."""
