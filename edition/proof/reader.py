"""What a finished PDF draws: its pages' content streams read operator by operator, with a closed list of them.

Each piece of text has the characters that its glyphs stand for, its line on the page, its colour, what it is
clipped to and what is painted over it afterwards. An operator, a font or an object that is not on the list is an
UnreadableError: what cannot be read cannot be proven. Lengths are points from the top left corner of the trim
box. Knows nothing of editions, HTML and layout.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from math import hypot
from typing import Any, TypeAlias

import pikepdf

from edition.pages import Rectangle
from edition.proof.drawing import BLACK, UNKNOWN, Colour, DrawnPage, Piece, UnreadableError
from edition.proof.fonts import UNKNOWN_GLYPH, Font, Fonts
from edition.proof.geometry import IDENTITY, Matrix, around, around_points, as_box, box_of, common, multiply, share

DEEPEST_FORM = 12
"""Forms in forms; what the engine draws has at most a few."""
SAME_LINE = 0.05
"""Points by which baselines may differ and still be one."""
INVISIBLE_MODES = (3, 7)
"""Text rendering modes that paint nothing (ISO 32000-1, table 106)."""

_TOKEN = re.compile(
    rb"""(?P<array>\[[^\]\[()]*\])|(?P<dictionary><<(?:[^<>]|<[0-9A-Fa-f\s]*>|<<[^<>]*>>)*>>)
    |(?P<name>/[^\s/\[\]<>()%{}]*)|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))(?=[\s/\[\]<>(]|$)
    |(?P<hex><[0-9A-Fa-f\s]*>)|(?P<literal>\((?:[^()\\]|\\.)*\))|(?P<operator>[A-Za-z'"][A-Za-z0-9*]*)
    |(?P<white>[\s\0]+|%[^\r\n]*)""",
    re.X | re.S,
)
_IN_ARRAY = re.compile(rb"<([0-9A-Fa-f\s]*)>|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|/\S+")
_CODE = struct.Struct(">H")
_MCID = re.compile(rb"/MCID\s+(\d+)")


@dataclass(slots=True)
class State:
    """The graphics state as far as it matters for what can be read (ISO 32000-1, 8.4)."""

    matrix: Matrix = IDENTITY
    clip: Rectangle | None = None
    fill: Colour = BLACK
    fill_space: str = "DeviceGray"
    alpha: float = 1.0
    font: Font | None = None
    size: float = 0.0
    rise: float = 0.0
    mode: int = 0


@dataclass(slots=True)
class Marked:
    """A marked sequence that is open."""

    number: int | None
    artifact: int | None
    piece: Piece | None = None


def read_pages(content: bytes) -> list[DrawnPage]:
    """All pages of a PDF. Raises UnreadableError."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return read_drawings(pdf)


def read_drawings(pdf: pikepdf.Pdf) -> list[DrawnPage]:
    """All pages of an open PDF. Raises UnreadableError."""
    fonts = Fonts()
    return [_Reader(index, page, fonts).read() for index, page in enumerate(pdf.pages)]


class _Reader:
    """Reads one page: its stream, and the forms that it draws."""

    def __init__(self, index: int, page: pikepdf.Page, fonts: Fonts) -> None:
        self.index = index
        self.page = page
        self.fonts = fonts
        left, bottom, right, top = (float(edge) for edge in page.trimbox)
        self.drawn = DrawnPage(right - left, top - bottom)
        self.state = State(matrix=(1.0, 0.0, 0.0, -1.0, -left, top))
        self.stack: list[State] = []
        self.marked: list[Marked] = []
        self.artifacts = 0
        self.depth = 0
        self.text_matrix: Matrix = IDENTITY
        self.path: list[tuple[float, float]] = []
        self.rectangles: list[Rectangle] = []
        """Of the present path: boxes of its rectangles, in points of the page."""
        self.is_clip = False
        self.paint: list[tuple[Rectangle, Colour]] = []
        """What was filled so far."""
        self.resources: list[Any] = []
        self.alphas: dict[str, float | None] = {}

    def read(self) -> DrawnPage:
        contents = self.page.obj.get("/Contents", pikepdf.Array())
        streams = contents.as_list() if isinstance(contents, pikepdf.Array) else [contents]
        self.run(b"\n".join(stream.read_bytes() for stream in streams), self.page.obj.get("/Resources", {}))
        if self.marked or self.stack:
            raise self.unknown("the drawing ends in the middle")
        return self.drawn

    def unknown(self, reason: str) -> UnreadableError:
        return UnreadableError(self.index, reason)

    def run(self, content: bytes, resources: Any) -> None:
        """Read a content stream with the resources that its names are of."""
        self.resources.append(resources)
        operands: list[bytes] = []
        position, end = 0, len(content)
        match_token = _TOKEN.match
        while position < end:
            token = match_token(content, position)
            if token is None:
                raise self.unknown(f"the drawing has {content[position : position + 20]!r}, which is not known")
            position = token.end()
            kind = token.lastgroup
            if kind == "operator":
                operate = _OPERATORS.get(token[0])
                if operate is None:
                    raise self.unknown(f"the drawing has the operator {token[0].decode()!r}, which is not known")
                try:
                    operate(self, operands)
                except (ValueError, IndexError, struct.error, KeyError, AttributeError, TypeError) as error:
                    raise self.unknown(f"the drawing has a broken {token[0].decode()!r}: {error}") from error
                operands.clear()
            elif kind != "white":
                operands.append(token[0])
        self.resources.pop()

    def resource(self, kind: str, name: bytes) -> Any:
        return self.resources[-1][kind]["/" + name[1:].decode("ascii", "replace")]

    # Graphics state

    def save(self, operands: list[bytes]) -> None:
        self.stack.append(replace(self.state))

    def restore(self, operands: list[bytes]) -> None:
        self.state = self.stack.pop()

    def transform(self, operands: list[bytes]) -> None:
        self.state.matrix = multiply(_matrix(operands), self.state.matrix)

    def set_state(self, operands: list[bytes]) -> None:
        settings = self.resource("/ExtGState", operands[0])
        if "/ca" in settings:
            self.state.alpha = float(settings["/ca"])

    def ignore(self, operands: list[bytes]) -> None:
        """What changes strokes and lines, or ends a text object: it cannot hide a letter."""

    def set_gray(self, operands: list[bytes]) -> None:
        self.state.fill = (float(operands[0]),) * 3

    def set_rgb(self, operands: list[bytes]) -> None:
        red, green, blue = map(float, operands)
        self.state.fill = red, green, blue

    def set_cmyk(self, operands: list[bytes]) -> None:
        self.state.fill = _from_cmyk(*map(float, operands))

    def set_space(self, operands: list[bytes]) -> None:
        self.state.fill_space = operands[0][1:].decode("ascii", "replace")
        self.state.fill = BLACK

    def set_colour(self, operands: list[bytes]) -> None:
        space = self.state.fill_space
        values = [float(operand) for operand in operands if operand[:1] != b"/"]
        if space == "DeviceCMYK" and len(values) == 4:
            self.state.fill = _from_cmyk(*values)
        elif space.startswith("lab") and len(values) == 3:
            lightness, a, b = values
            neutral = abs(a) + abs(b) < 5
            self.state.fill = (lightness / 100,) * 3 if neutral else (space, *values)
        else:
            self.state.fill = space, *values, *(operand.decode() for operand in operands if operand[:1] == b"/")

    # Paths

    def move(self, operands: list[bytes]) -> None:
        numbers = list(map(float, operands))
        a, b, c, d, e, f = self.state.matrix
        self.path += [
            (a * x + c * y + e, b * x + d * y + f) for x, y in zip(numbers[::2], numbers[1::2], strict=True)
        ]

    def add_rectangle(self, operands: list[bytes]) -> None:
        x, y, width, height = map(float, operands)
        self.rectangles.append(box_of(self.state.matrix, x, y, x + width, y + height))

    def clip(self, operands: list[bytes]) -> None:
        self.is_clip = True

    def path_box(self) -> Rectangle | None:
        """What the present path takes; None if it is empty."""
        boxes = [*self.rectangles, *([around_points(self.path)] if self.path else [])]
        return around(boxes) if boxes else None

    def end_path(self, operands: list[bytes]) -> None:
        """End a path that paints nothing; it may be what is clipped to from now on."""
        if self.is_clip and (box := self.path_box()) is not None:
            self.state.clip = common(box, self.state.clip)
        self.path, self.rectangles, self.is_clip = [], [], False

    def stroke(self, operands: list[bytes]) -> None:
        if (box := self.path_box()) is not None:
            self.add_picture(box)
        self.end_path(operands)

    def fill(self, operands: list[bytes]) -> None:
        alone = as_box(self.path)
        for box in (*self.rectangles, *((alone,) if alone else ())):
            self.cover(box, self.state.fill)
        self.stroke(operands)

    def shade(self, operands: list[bytes]) -> None:
        if self.state.clip is not None:
            self.cover(self.state.clip, UNKNOWN)

    def cover(self, box: Rectangle, colour: Colour) -> None:
        """Paint a box: text that it takes more than half of is covered, text to come stands on it."""
        box = common(box, self.state.clip)
        if self.state.alpha < 0.5 or box[2] <= box[0] or box[3] <= box[1] or colour[0] == "Pattern":
            return
        for piece in self.drawn.pieces:
            piece.covered = piece.covered or share(piece.band, box) > 0.4
        self.paint.append((box, colour))

    # Marked content

    def open_marked(self, operands: list[bytes]) -> None:
        number, artifact = self.marked[-1].number if self.marked else None, None
        if operands[0][:1] != b"/" or len(operands) > 2:
            raise ValueError("marked content without a name")
        if operands[0] == b"/Artifact":
            number = None
            if len(operands) > 1 and self.depth == 0:
                artifact, self.artifacts = self.artifacts, self.artifacts + 1
        elif len(operands) > 1 and (match := _MCID.search(operands[1])):
            number = int(match[1])
        self.marked.append(Marked(number, artifact))

    def close_marked(self, operands: list[bytes]) -> None:
        self.marked.pop()

    # Objects

    def draw_object(self, operands: list[bytes]) -> None:
        drawn = self.resource("/XObject", operands[0])
        if drawn.Subtype == "/Image":
            box = box_of(self.state.matrix, 0, 0, 1, 1)
            self.add_picture(box)
            if "/SMask" not in drawn and "/Mask" not in drawn:
                self.cover(box, UNKNOWN)
        elif drawn.Subtype == "/Form":
            self.draw_form(drawn)
        else:
            raise ValueError(f"an object of the kind {drawn.Subtype}")

    def add_picture(self, box: Rectangle) -> None:
        box = common(box, self.state.clip)
        if self.marked and self.marked[-1].number is not None and box[0] < box[2] and box[1] < box[3]:
            self.drawn.pictures.append((self.marked[-1].number, box))

    def draw_form(self, form: Any) -> None:
        if self.depth >= DEEPEST_FORM:
            raise ValueError("forms in forms without end")
        before = replace(self.state)
        open_states, open_marked = len(self.stack), len(self.marked)
        if "/Matrix" in form:
            self.state.matrix = multiply(_matrix(form.Matrix.as_list()), self.state.matrix)
        left, top, right, bottom = (float(edge) for edge in form.BBox.as_list())
        self.state.clip = common(box_of(self.state.matrix, left, top, right, bottom), self.state.clip)
        alpha, self.state.alpha = self.state.alpha, 1.0
        pieces, self.depth = len(self.drawn.pieces), self.depth + 1
        self.run(form.read_bytes(), form.get("/Resources", self.resources[-1]))
        for piece in self.drawn.pieces[pieces:]:
            piece.alpha *= alpha
        if len(self.stack) != open_states or len(self.marked) != open_marked:
            raise ValueError("a form that ends in the middle")
        self.depth -= 1
        self.state = before

    # Text

    def begin_text(self, operands: list[bytes]) -> None:
        self.text_matrix = IDENTITY

    def set_text_matrix(self, operands: list[bytes]) -> None:
        self.text_matrix = _matrix(operands)

    def set_font(self, operands: list[bytes]) -> None:
        self.state.font = self.fonts.read(self.resource("/Font", operands[0]))
        self.state.size = float(operands[1])

    def set_rise(self, operands: list[bytes]) -> None:
        self.state.rise = float(operands[0])

    def set_mode(self, operands: list[bytes]) -> None:
        self.state.mode = int(operands[0])

    def show(self, operands: list[bytes]) -> None:
        """Draw glyphs: `[<codes> kerning …] TJ` or `<codes> Tj`."""
        state, font = self.state, self.state.font
        if font is None:
            raise ValueError("text without a font")
        if operands[0][:1] == b"(" or b"(" in operands[0]:
            raise ValueError("text that is not written by codes")
        matrix = multiply(self.text_matrix, state.matrix)
        scale = state.size / 1000
        a, x = matrix[0], matrix[4]
        piece = self.piece_at(matrix)
        along, characters = 0.0, len(piece.text)
        shown, space = [], False
        # Most glyphs stand alone with no kerning between them: joined, they are read at once.
        for match in _IN_ARRAY.finditer(operands[0].replace(b">0<", b"")):
            codes, kerning = match.groups()
            if kerning is not None:
                along -= float(kerning) * scale
                continue
            for (code,) in _CODE.iter_unpack(bytes.fromhex(codes.decode())) if codes else ():
                text, width, is_missing = font.glyphs.get(code, UNKNOWN_GLYPH)
                if is_missing:
                    piece.missing += text
                if space:
                    piece.words.append((characters, x + along * a))
                shown.append(text)
                space = text == " "
                if space:
                    piece.word_ends[characters] = piece.ink_end
                characters += len(text)
                along += width * scale
                if not space:
                    piece.ink_end = x + along * a
        piece.text += "".join(shown)
        piece.end = x + along * a
        self.text_matrix = multiply((1.0, 0.0, 0.0, 1.0, along, 0.0), self.text_matrix)

    def piece_at(self, matrix: Matrix) -> Piece:
        """The piece that text drawn now belongs to: the open one on the same line, or a new one."""
        a, b, c, d, x, y = matrix
        state, marked = self.state, self.marked[-1] if self.marked else None
        if marked and marked.piece is not None and abs(marked.piece.y - y) < SAME_LINE and x >= marked.piece.x:
            return marked.piece
        assert state.font is not None
        number, artifact = (marked.number, marked.artifact) if marked else (None, None)
        tagged = number is not None or artifact is not None or self.depth > 0
        level, size = abs(b) < 1e-6 and a > 0, state.size * hypot(c, d)
        piece = Piece(
            self.index, number, artifact, tagged, x, y, x, size, "", state.font, state.fill, state.alpha,
            state.mode not in INVISIBLE_MODES, state.clip, level, [],
        )  # fmt: skip
        for box, colour in reversed(self.paint):
            if share((x, y - 0.3 * piece.size, x + 1, y - 0.1 * piece.size), box) > 0.9:
                piece.background = colour
                break
        self.drawn.pieces.append(piece)
        if marked:
            marked.piece = piece
        return piece


def _matrix(operands: list[Any]) -> Matrix:
    a, b, c, d, e, f = map(float, operands)
    return a, b, c, d, e, f


def _from_cmyk(cyan: float, magenta: float, yellow: float, black: float) -> Colour:
    return (1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black)


Operate: TypeAlias = Callable[[_Reader, list[bytes]], None]

_OPERATORS: dict[bytes, Operate] = {
    b"q": _Reader.save, b"Q": _Reader.restore, b"cm": _Reader.transform, b"gs": _Reader.set_state,
    b"g": _Reader.set_gray, b"rg": _Reader.set_rgb, b"k": _Reader.set_cmyk,
    b"cs": _Reader.set_space, b"sc": _Reader.set_colour, b"scn": _Reader.set_colour,
    b"m": _Reader.move, b"l": _Reader.move, b"c": _Reader.move, b"v": _Reader.move, b"y": _Reader.move,
    b"re": _Reader.add_rectangle, b"W": _Reader.clip, b"W*": _Reader.clip,
    b"n": _Reader.end_path, b"S": _Reader.stroke, b"s": _Reader.stroke,
    b"f": _Reader.fill, b"F": _Reader.fill, b"f*": _Reader.fill,
    b"B": _Reader.fill, b"B*": _Reader.fill, b"b": _Reader.fill, b"b*": _Reader.fill, b"sh": _Reader.shade,
    b"BDC": _Reader.open_marked, b"BMC": _Reader.open_marked, b"EMC": _Reader.close_marked,
    b"Do": _Reader.draw_object,
    b"BT": _Reader.begin_text, b"ET": _Reader.ignore, b"Tm": _Reader.set_text_matrix, b"Tf": _Reader.set_font,
    b"Ts": _Reader.set_rise, b"Tr": _Reader.set_mode, b"TJ": _Reader.show, b"Tj": _Reader.show,
    **dict.fromkeys((b"w", b"J", b"j", b"M", b"d", b"i", b"ri", b"h", b"G", b"RG", b"K", b"CS", b"SC", b"SCN"),
                    _Reader.ignore),
}  # fmt: skip
"""The closed list."""
