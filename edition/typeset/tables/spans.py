"""Cells over several rows that go on on the next page: they reach down to the last row that stands before it.

The engine gives such a cell the height of its first row, and a brace on it would embrace nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def reaching_down(table_layout: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's tables; where one is broken, its open cells over several rows reach to the last row above."""

    def lay_out_table(context: Any, table: Any, *arguments: Any) -> Any:
        result = table_layout(context, table, *arguments)
        laid_out, resume = result[:2]
        if laid_out is not None and resume is not None:
            for group in laid_out.children:
                if not group.is_header and not group.is_footer and group.children:
                    _stretch_open_cells(group)
        return result

    return lay_out_table


def _stretch_open_cells(group: Any) -> None:
    last = group.children[-1]
    bottom = last.position_y + last.height
    for row in group.children:
        for cell in row.children:
            missing = bottom - (cell.position_y + cell.border_height())
            if row.index + cell.rowspan - 1 > last.index and missing > 0:
                cell.padding_bottom += missing


HOOKS = {"weasyprint.layout.block.table_layout": reaching_down}
"""What `engine` wraps: dotted name → function that is given the original and gives its replacement."""
