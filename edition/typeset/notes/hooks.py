"""Where notes reach into the engine: each hook is given one of its functions and gives what replaces it.

Every hook but the first is there because notes or text were lost, doubled or moved without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.block import remove_placeholders

from edition.typeset.notes.flow import pages_with_notes
from edition.typeset.notes.foot import Line
from edition.typeset.notes.note import Box

Function = Callable[..., Any]


def lines_known(iter_line_boxes: Function) -> Function:
    """The engine's lines of a block: in text, each made known before its calls are looked at; in notes, kept."""

    def iter_known_lines(
        context: Any,
        box: Box,
        position_y: float,
        bottom_space: float,
        skip: Any,
        block: Box,
        absolute_boxes: Any,
        fixed_boxes: Any,
        first_letter_style: Any,
        first_line_style: Any,
    ) -> Iterator[tuple[Any, Any]]:
        rest = absolute_boxes, fixed_boxes, first_letter_style, first_line_style
        arguments = context, box, position_y, bottom_space, skip, block, *rest
        if context.setting_notes_now and not (first_letter_style or first_line_style or context.excluded_shapes):
            yield from context.note_lines.set_lines(iter_line_boxes, *arguments)
            return
        for line, resume in iter_line_boxes(*arguments):
            if foot := context.setting_text:
                bottom = line.position_y + line.height + max(bottom_space, 0)
                if resume is None or block.style["box_decoration_break"] == "clone":
                    bottom += block.border_bottom_width + block.padding_bottom
                if line.height:
                    context.line_height = line.height
                foot.line = Line(bottom, context.line_height)
            yield line, resume

    return iter_known_lines


def columns_known(columns_layout: Function) -> Function:
    """The engine's columns, with the room for notes that all of them leave."""

    def lay_out_columns(context: Any, box: Box, *rest: Any) -> Any:
        foot = context.setting_text
        if foot is None or foot.column_top is not None:
            return columns_layout(context, box, *rest)
        context.page_bottom = foot.top
        foot.open_columns(box.position_y)
        try:
            return columns_layout(context, box, *rest)
        finally:
            foot.close_columns()

    return lay_out_columns


def heads_kept(table_layout: Function) -> Function:
    """The engine's tables; a head or foot for which there is no room becomes ordinary rows.

    The engine drops it, with its text and its notes.
    """

    def lay_out_table(
        context: Any,
        table: Box,
        bottom_space: float,
        skip: Any,
        containing_block: Any,
        page_is_empty: bool,
        absolute_boxes: Any,
        fixed_boxes: Any,
    ) -> Any:
        arguments = bottom_space, skip, containing_block, page_is_empty, absolute_boxes, fixed_boxes
        result = table_layout(context, table, *arguments)
        groups = [group for group in table.children if group.is_header or group.is_footer]
        if result[0] is None:
            remove_placeholders(context, groups, absolute_boxes, fixed_boxes)
            return result
        shown = {(group.is_header, group.is_footer) for group in result[0].children}
        dropped = [group for group in groups if (group.is_header, group.is_footer) not in shown]
        if not dropped or skip is not None:
            return result
        remove_placeholders(context, [result[0], *dropped], absolute_boxes, fixed_boxes)
        for group in dropped:
            group.is_header = group.is_footer = False
        return table_layout(context, table, *arguments)

    return lay_out_table


def cells_going_on(block_container_layout: Function) -> Function:
    """The engine's block containers; a cell that has no room to go on waits where it is.

    The engine begins such a cell again on the next page, with its notes, when a cell beside it went on.
    """

    def lay_out_block(context: Any, box: Box, *arguments: Any, **keywords: Any) -> Any:
        result = block_container_layout(context, box, *arguments, **keywords)
        if result[0] is not None or not isinstance(box, boxes.TableCellBox) or not arguments[1]:
            return result
        empty = box.copy_with_children([])
        laid_out, *_ = block_container_layout(context, empty, *arguments, **{**keywords, "page_is_empty": True})
        return (laid_out, arguments[1], *result[2:])

    return lay_out_block


def page_parts(block_level_layout: Function) -> Function:
    """The engine's layout of a page's parts: its text, which may have to wait for notes, and the note area."""

    def lay_out_part(context: Any, box: Box, *arguments: Any, **keywords: Any) -> Any:
        if isinstance(box, boxes.FootnoteAreaBox):
            return _note_area(context, box, keywords["absolute_boxes"]), None, None, None, None, None
        if not box.is_for_root_element:
            return block_level_layout(context, box, *arguments, **keywords)
        context.foot.text, *rest = _text(block_level_layout, context, box, *arguments)
        return (context.foot.text, *rest)

    return lay_out_part


def _text(
    block_level_layout: Function,
    context: Any,
    root: Box,
    bottom_space: float,
    skip: Any,
    containing_block: Any,
    page_is_empty: bool,
    *rest: Any,
) -> Any:
    """Lay out the text of a page; it may wait where notes or floats carried into it fill the page anyway.

    Then no call stands without its note. The engine's own way to leave the text out fails within a line.
    """
    may_wait = context.foot.goes_on or context.foot.attempt.text_may_wait
    result = block_level_layout(
        context, root, bottom_space, skip, containing_block, page_is_empty and not may_wait, *rest
    )
    if result[0] is not None:
        return result
    empty = root.copy_with_children([])
    result = block_level_layout(context, empty, bottom_space, None, containing_block, True, *rest)
    same_page = {**context.page_maker[context.current_page - 1][1], "break": "any"}
    return (result[0], skip, same_page, *result[3:])


def _note_area(context: Any, area: Box, absolute_boxes: list[Any]) -> Box:
    """The page's note area, once its text is laid out."""
    fit = context.foot.finish(context.foot.text)
    absolute_boxes.extend(fit.positioned)
    if fit.area is not None:
        return fit.area
    empty = area.copy_with_children([])
    empty.height = 0
    return empty


HOOKS: dict[str, Callable[[Function], Function]] = {
    "weasyprint.layout.make_all_pages": pages_with_notes,
    "weasyprint.layout.page.block_level_layout": page_parts,
    "weasyprint.layout.block.iter_line_boxes": lines_known,
    "weasyprint.layout.block.columns_layout": columns_known,
    "weasyprint.layout.block.table_layout": heads_kept,
    "weasyprint.layout.block.block_container_layout": cells_going_on,
}
"""What the engine's module wraps: dotted name → function that is given the original and gives its replacement."""
