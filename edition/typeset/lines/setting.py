"""Where total fit reaches into the engine: each hook is given one of its functions and gives what replaces it.

A planned line gets from every text box just what the plan says, and its spaces and letters are then made to fill
the measure. What is not planned is the engine's, line by line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.inline import count_expandable_spaces
from weasyprint.matrix import Matrix
from weasyprint.text.ffi import FROM_UNITS, pango
from weasyprint.text.line_break import create_layout, line_size, strut

from edition.typeset.lines.planning import EXPANSION
from edition.typeset.lines.shaping import HANG_LEFT, HANG_RIGHT, sign_width

Function = Callable[..., Any]
UNLIMITED = 1e6


def planned_line(get_next_linebox: Function) -> Function:
    """The engine's next line, by the plan of its paragraph where there is one."""

    def get_planned_linebox(
        context: Any,
        line_box: Any,
        position_y: float,
        bottom_space: float,
        skip: Any,
        containing_block: Any,
        absolute_boxes: Any,
        fixed_boxes: Any,
        first_letter_style: Any,
        first_line_style: Any,
    ) -> Any:
        outer = context.plan
        styled = first_letter_style or first_line_style
        context.plan = None if styled else context.plan_for(line_box, containing_block.width, skip)
        try:
            return get_next_linebox(
                context, line_box, position_y, bottom_space, skip, containing_block, absolute_boxes, fixed_boxes,
                first_letter_style, first_line_style,
            )  # fmt: skip
        finally:
            context.plan = outer

    return get_planned_linebox


def with_room(split_inline_box: Function) -> Function:
    """The engine's splitting of inline boxes; a planned line has all the room it needs."""

    def split_with_room(context: Any, box: Any, position_x: float, max_x: float, *rest: Any) -> Any:
        if context.plan is not None and isinstance(box, boxes.LineBox):
            max_x = UNLIMITED
        return split_inline_box(context, box, position_x, max_x, *rest)

    return split_with_room


def planned_slice(split_text_box: Function) -> Function:
    """The engine's splitting of text: of a planned line the slice that belongs to it."""

    def split_by_plan(context: Any, box: Any, room: float, skip: int, is_line_start: bool = True) -> Any:
        plan = context.plan
        offset = plan.shaped.offset_of(box) if plan is not None else None
        if offset is None:
            return split_text_box(context, box, room, skip, is_line_start)
        encoded = box.text.encode()
        if not encoded[skip:] or not box.style["font_size"]:
            return None, None, False
        found = plan.break_in(box, offset, skip)
        if found is None:
            return _slice(context, box, encoded[skip:].decode()), None, False
        resume = len(box.text[: found.start - offset].encode())
        text = encoded[skip:resume].decode()
        text = (text[:-1] if found.forced else text).rstrip(" ")
        if found.hyphen:
            text = text.rstrip("\u00ad") + box.style["hyphenate_character"]
        return _slice(context, box, text), resume, found.forced

    return split_by_plan


def _slice(context: Any, box: Any, text: str) -> Any:
    """A text box with a part of another's text, as the engine makes it."""
    if not text:
        return None
    layout = create_layout(text, box.style, context, None, box.justification_spacing)
    line, _ = layout.get_first_line()
    width, height = line_size(line, box.style)
    baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
    layout.deactivate()
    made = box.copy_with_text(text)
    made.width, made.height, made.pango_layout = width, height, layout
    line_height, _ = strut(box.style)
    made.margin_top = made.margin_bottom = (line_height - height) / 2
    made.baseline = baseline + made.margin_top
    return made


def filled_line(text_align: Function) -> Function:
    """The engine's alignment of a line; a planned one is made to fill the measure, its ends hanging out of it."""

    def align_planned_line(context: Any, line: Any, available_width: float, last: bool) -> Any:
        plan = context.plan
        if plan is None:
            return text_align(context, line, available_width, last)
        indent = _indent_of(line)
        left, right = _hanging(context, line, indent) if plan.mode == "full" else (0.0, 0.0)
        room = available_width + left + right
        if last and line.width <= room:
            return text_align(context, line, available_width, last) - left
        spaces = count_expandable_spaces(line)
        wanted, natural = room - indent, line.width - indent
        scale = 1.0
        if plan.mode == "full" and natural > 0:
            scale = max(1 - EXPANSION, min(1 + EXPANSION, wanted / natural))
        each = (wanted / scale - natural) / spaces if spaces else 0.0
        spread(context, line, each, scale, 0.0)
        return -left

    return align_planned_line


def spread(context: Any, box: Any, each: float, scale: float, advance: float) -> float:
    """Widen each space of a box by `each` and all of it by `scale`, moved by `advance`; returns the next."""
    if isinstance(box, boxes.TextBox):
        box.position_x += advance
        spaces = count_expandable_spaces(box)
        box.justification_spacing = each
        width = scale * (box.width + spaces * each)
        if spaces:
            layout = create_layout(box.text, box.style, context, None, each)
            layout.deactivate()
            box.pango_layout = layout
        advance += width - box.width
        box.width, box.letter_scale = width, scale
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.position_x += advance
        before = advance
        for child in box.children:
            if child.is_in_normal_flow():
                advance = spread(context, child, each, scale, advance)
        box.width += advance - before
    else:
        box.translate(advance, 0)
    return advance


def _indent_of(line: Any) -> float:
    """How far the first box of a line stands in it: the paragraph's indent."""
    first = next((child for child in line.children if child.is_in_normal_flow()), None)
    return float(first.position_x - line.position_x) if first is not None else 0.0


def _hanging(context: Any, line: Any, indent: float) -> tuple[float, float]:
    """How far the first and the last letter of a line hang into the margins."""
    texts = [box for box in line.descendants() if isinstance(box, boxes.TextBox) and box.text.strip()]
    if not texts:
        return 0.0, 0.0
    first, last = texts[0].text.lstrip()[:1], texts[-1].text.rstrip()[-1:]
    left = 0.0 if indent else _part(context, HANG_LEFT, first, texts[0])
    return left, _part(context, HANG_RIGHT, last, texts[-1])


def _part(context: Any, table: dict[str, float], char: str, box: Any) -> float:
    return table[char] * sign_width(context, char, box.style) if char in table else 0.0


def scaled_letters(draw_first_line: Function) -> Function:
    """The engine's drawing of a text box, its letters as wide as the line needs them."""

    def draw_scaled(stream: Any, text_box: Any, text_overflow: Any, ellipsis: Any, matrix: Any) -> Any:
        scale = getattr(text_box, "letter_scale", 1.0)
        if scale != 1.0:
            matrix = Matrix(a=scale, d=-1, e=matrix.values[4], f=matrix.values[5])
        return draw_first_line(stream, text_box, text_overflow, ellipsis, matrix)

    return draw_scaled


def counted(layout_document: Function) -> Function:
    """The engine's layout of a document, with the count of planned paragraphs kept on its HTML."""

    def lay_out_and_count(html: Any, root: Any, context: Any) -> Iterator[Any]:
        yield from layout_document(html, root, context)
        html.line_count = context.line_count()

    return lay_out_and_count


HOOKS: dict[str, Callable[[Function], Function]] = {
    "weasyprint.document.layout_document": counted,
    "weasyprint.layout.inline.get_next_linebox": planned_line,
    "weasyprint.layout.inline.split_inline_box": with_room,
    "weasyprint.layout.inline.split_text_box": planned_slice,
    "weasyprint.layout.inline.text_align": filled_line,
    "weasyprint.draw.text.draw_first_line": scaled_letters,
}
"""What `engine` wraps: dotted name → function that is given the original and gives its replacement."""
