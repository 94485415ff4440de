"""Where total fit reaches into the engine: each hook is given one of its functions and gives what replaces it.

A planned line gets from every text box just what the plan says, and its spaces and letters are then made to fill
the measure. What is not planned is the engine's, line by line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes
from weasyprint.layout.inline import count_expandable_spaces
from weasyprint.matrix import Matrix
from weasyprint.text.ffi import FROM_UNITS, pango
from weasyprint.text.line_break import create_layout, line_size

from edition.typeset.lines.drawing import UnshapedLayout, draw_piece
from edition.typeset.lines.glyphs import line_height, piece_of, sign_width
from edition.typeset.lines.planning import PlannedLine
from edition.typeset.lines.settings import Settings
from edition.typeset.lines.shaping import HANG_LEFT, HANG_RIGHT, TextPart

Function = Callable[..., Any]
UNLIMITED = 1e6
WAITING_FLOATS = 3
"""Which of the engine's lists, that it splits a line with, has the floats that stand below the line."""


def planned_line(split_inline_box: Function) -> Function:
    """The engine's splitting of inline boxes; a line that there is a plan for has all the room it needs."""

    def split_with_room(
        context: Any, box: Any, x: float, max_x: float, bottom_space: float, skip: Any, block: Any, *rest: Any
    ) -> Any:
        if not isinstance(box, boxes.LineBox):
            return split_inline_box(context, box, x, max_x, bottom_space, skip, block, *rest)
        room = max_x - box.position_x
        *lists, first_letter_style, first_line_style = rest
        styles = first_letter_style, first_line_style

        def split(line: PlannedLine | None, lists: Any) -> Any:
            outer, context.planned_line = context.planned_line, line
            try:
                edge = max_x if line is None else UNLIMITED
                return split_inline_box(context, box, x, edge, bottom_space, skip, block, *lists, *styles)
            finally:
                context.planned_line = outer

        planned = None if first_line_style else context.plan_line(box, room, skip, block)
        if planned is not None and planned.holds_float:
            # It is set once to see what the float takes of its measure.
            shapes, trial = list(context.excluded_shapes), [list(found) for found in lists]
            split(None, trial)
            planned = context.plan_beside(planned, skip, block, waiting=trial[WAITING_FLOATS])
            context.excluded_shapes = shapes
        result = split(planned, lists)
        line = result[0]
        line.planned = planned
        if planned is not None:
            line.hidden_width = max(0.0, line.width - min(room, planned.width))
            line.width -= line.hidden_width  # so that it is not moved down beside a float; it will fit
        return result

    return split_with_room


def planned_slice(split_text_box: Function) -> Function:
    """The engine's splitting of text: of a planned line the slice that belongs to it."""

    def split_by_plan(context: Any, box: Any, room: float, skip: int, is_line_start: bool = True) -> Any:
        line = context.planned_line
        part = line.plan.text.part_of(box) if line is not None else None
        if part is None:
            return split_text_box(context, box, room, skip, is_line_start)
        text = box.text
        encoded = None if text.isascii() else text.encode()
        begin = skip if encoded is None else len(encoded[:skip].decode())
        if begin >= len(text) or not box.style["font_size"]:
            return None, None, False
        found = line.break_in(part)
        if found is None:
            return _slice(context, line, part, begin, len(text), ""), None, False
        stop = found.start - part.offset
        resume = stop if encoded is None else len(text[:stop].encode())
        end = stop - 1 if found.forced else stop
        while end > begin and text[end - 1] == " ":
            end -= 1
        sign = box.style["hyphenate_character"] if found.hyphen else ""
        return _slice(context, line, part, begin, end, sign), resume, found.forced

    return split_by_plan


def _slice(context: Any, line: PlannedLine, part: TextPart, begin: int, end: int, hyphen: str) -> Any:
    """A text box with a part of another's text, as the engine makes it."""
    if begin >= end and not hyphen:
        return None
    box, shaped = part.box, part.shaped
    text = box.text[begin:end]
    if hyphen:
        text = text.rstrip("\u00ad") + hyphen
    key = part.offset + begin, part.offset + end
    if key not in line.plan.pieces:
        line.plan.pieces[key] = piece_of(shaped, begin, end, hyphen, context.pango_faces)
    piece = line.plan.pieces[key]
    made = box.copy_with_text(text)
    if piece is None:
        layout = create_layout(text, box.style, context, None, box.justification_spacing)
        first, _ = layout.get_first_line()
        made.width, made.height = line_size(first, box.style)
        baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
        layout.deactivate()
        made.pango_layout = layout
    else:
        made.width, made.height, baseline = piece.width, piece.height, piece.baseline
        made.pango_layout = UnshapedLayout(text)
    made.piece = piece
    made.margin_top = made.margin_bottom = (line_height(box.style) - made.height) / 2
    made.baseline = baseline + made.margin_top
    return made


def filled_line(text_align: Function) -> Function:
    """The engine's alignment of a line; a planned one is made to fill the measure, its ends hanging out of it."""

    def align_planned_line(context: Any, line: Any, available_width: float, last: bool) -> Any:
        planned = getattr(line, "planned", None)
        if planned is None:
            return text_align(context, line, available_width, last)
        line.width += line.hidden_width
        indent, settings = _indent_of(line), planned.plan.settings
        left, right = _hanging(context, line, indent, settings.hanging) if settings.hanging else (0.0, 0.0)
        room = available_width + left + right
        if not settings.justified or (last and line.width <= room):
            return text_align(context, line, available_width, last) - left
        spread(context, line, _fill(line, room - indent, line.width - indent, settings), 0.0)
        return -left

    return align_planned_line


class Fill(NamedTuple):
    """How a line is made to fill its measure."""

    each: float = 0.0
    """What is added to each space, before the scale."""
    scale: float = 1.0
    """Of the letters."""
    spacing: float = 0.0
    """What is added to each letter, in em."""


def _fill(line: Any, wanted: float, natural: float, settings: Settings) -> Fill:
    """How a line is made as wide as is wanted: letters give first, with the space between them."""
    letters = settings.expansion * max(natural, 0.0)
    texts, between = list(_texts_in(line)), 0.0
    if settings.spacing and texts and all(map(_is_ours, texts)):
        # What is after the last letter is not seen.
        between = settings.spacing * (sum(map(_letters_of, texts)) - texts[-1].style["font_size"])
    gives = letters + between
    part = max(-1.0, min(1.0, (wanted - natural) / gives)) if gives > 0 else 0.0
    scale, spaces = 1 + part * settings.expansion, count_expandable_spaces(line)
    each = (wanted - natural * scale - part * between) / scale / spaces if spaces else 0.0
    return Fill(each, scale, part * settings.spacing if between else 0.0)


def _texts_in(box: Any) -> Iterator[Any]:
    """The text boxes of a line, without those of its floats."""
    for child in box.children:
        if isinstance(child, boxes.TextBox):
            yield child
        elif isinstance(child, boxes.InlineBox) and child.is_in_normal_flow():
            yield from _texts_in(child)


def _is_ours(box: Any) -> bool:
    return getattr(box, "piece", None) is not None


def _letters_of(box: Any) -> float:
    """How many glyphs a text box has, times its size."""
    return float(box.piece.glyph_count * box.style["font_size"])


def spread(context: Any, box: Any, fill: Fill, advance: float) -> float:
    """Widen the spaces and letters of a box, moved by `advance`; returns the next."""
    if isinstance(box, boxes.TextBox):
        box.position_x += advance
        spaces = count_expandable_spaces(box)
        box.justification_spacing = fill.each
        width = fill.scale * (box.width + spaces * fill.each)
        if fill.spacing:
            width += fill.spacing * _letters_of(box)
        if spaces and not _is_ours(box):
            layout = create_layout(box.text, box.style, context, None, fill.each)
            layout.deactivate()
            box.pango_layout = layout
        advance += width - box.width
        box.width, box.letter_scale, box.letter_spacing = width, fill.scale, fill.spacing
        box.pango_layout.justification_spacing = fill.each
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.position_x += advance
        before = advance
        for child in box.children:
            if child.is_in_normal_flow():
                advance = spread(context, child, fill, advance)
        box.width += advance - before
    else:
        box.translate(advance, 0)
    return advance


def _indent_of(line: Any) -> float:
    """How far the text of a line stands in it: the paragraph's indent. Floats are no part of it (`line_floats`)."""
    in_flow = [child for child in line.children if child.is_in_normal_flow()]
    if not in_flow:
        return 0.0
    text = in_flow[-1].position_x + in_flow[-1].margin_width() - in_flow[0].position_x
    return float(line.width - text)


def _hanging(context: Any, line: Any, indent: float, part: float) -> tuple[float, float]:
    """How far the first and the last letter of a line hang into the margins."""
    texts = [box for box in line.descendants() if isinstance(box, boxes.TextBox) and box.text.strip()]
    if not texts:
        return 0.0, 0.0
    first, last = texts[0].text.lstrip()[:1], texts[-1].text.rstrip()[-1:]
    left = 0.0 if indent else part * _hang(context, HANG_LEFT, first, texts[0])
    return left, part * _hang(context, HANG_RIGHT, last, texts[-1])


def _hang(context: Any, table: dict[str, float], char: str, box: Any) -> float:
    return table[char] * sign_width(context, char, box.style) if char in table else 0.0


def drawn_as_set(draw_first_line: Function) -> Function:
    """The engine's drawing of a text box; one of a planned line is drawn as it was set."""

    def draw_as_set(stream: Any, text_box: Any, text_overflow: Any, ellipsis: Any, matrix: Any) -> Any:
        scale = getattr(text_box, "letter_scale", 1.0)
        layout = text_box.pango_layout
        if isinstance(layout, UnshapedLayout):
            if not text_box.text.strip():
                return []
            plain = text_overflow != "ellipsis" and ellipsis == "none"
            x, y = matrix.values[4:6]
            between = getattr(text_box, "letter_spacing", 0.0) * text_box.style["font_size"] / scale
            if plain and draw_piece(stream, text_box.piece, layout.justification_spacing, scale, between, x, y):
                return []
        if scale != 1.0:
            matrix = Matrix(a=scale, d=-1, e=matrix.values[4], f=matrix.values[5])
        return draw_first_line(stream, text_box, text_overflow, ellipsis, matrix)

    return draw_as_set


def counted(layout_document: Function) -> Function:
    """The engine's layout of a document, with the count of planned paragraphs kept on its HTML."""

    def lay_out_and_count(html: Any, root: Any, context: Any) -> Iterator[Any]:
        yield from layout_document(html, root, context)
        html.line_count = context.line_count()

    return lay_out_and_count


HOOKS: dict[str, Callable[[Function], Function]] = {
    "weasyprint.document.layout_document": counted,
    "weasyprint.layout.inline.split_inline_box": planned_line,
    "weasyprint.layout.inline.split_text_box": planned_slice,
    "weasyprint.layout.inline.text_align": filled_line,
    "weasyprint.draw.text.draw_first_line": drawn_as_set,
}
"""What `engine` wraps: dotted name → function that is given the original and gives its replacement."""
