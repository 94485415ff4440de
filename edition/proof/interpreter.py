"""What content streams draw, read operator by operator, with a closed list of them (ISO 32000-1, annex A).

Each piece of text has the characters that its glyphs stand for, its line on the page, its colour, what it is
clipped to and what is painted over it afterwards. An operator, a font or an object that is not on the list is an
UnreadableError: what cannot be read cannot be proven. Lengths are points from the top left corner of the trim
box.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain
from math import hypot
from typing import Any, TypeAlias

import pikepdf

from edition.pages import Rectangle
from edition.proof.drawing import BLACK, UNKNOWN, Colour, DrawnPage, Piece, UnreadableError
from edition.proof.fonts import Along, Fonts
from edition.proof.geometry import IDENTITY, Matrix, around, around_points, as_box, box_of, common, multiply, share
from edition.proof.state import Marked, State

DEEPEST_FORM = 12
"""Forms in forms; what the engine draws has at most a few."""
SAME_LINE = 0.05
"""Points by which baselines may differ and still be one."""
INVISIBLE_MODES = (3, 7)
"""Text rendering modes that paint nothing (ISO 32000-1, table 106)."""

_TOKEN = re.compile(
    rb"""[\s\0]*(?:(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))(?=[\s/\[\]<>(]|$)
    |(?P<operator>[A-Za-z'"][A-Za-z0-9*]*)|(?P<name>/[^\s/\[\]<>()%{}]*)
    |(?P<array>\[[^\]\[()]*\])|(?P<dictionary><<(?:[^<>]|<[0-9A-Fa-f\s]*>|<<[^<>]*>>)*>>)
    |(?P<hex><[0-9A-Fa-f\s]*>)|(?P<literal>\((?:[^()\\]|\\.)*\))
    |(?P<nothing>%[^\r\n]*|$)|(?P<unknown>.))""",
    re.X | re.S,
)
_IN_ARRAY = re.compile(rb"<([0-9A-Fa-f\s]*)>|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|/\S+")
_MCID = re.compile(rb"/MCID\s+(\d+)")

Under: TypeAlias = Sequence[tuple[Rectangle, Colour]]
"""What was painted before: boxes and their colours, in order."""


class Interpreter:
    """Draws content streams of one page, and the forms that they draw, into `drawn`."""

    def __init__(self, index: int, page: pikepdf.Page, fonts: Fonts, under: Under = ()) -> None:
        self.index = index
        self.page = page
        self.fonts = fonts
        left, bottom, right, top = (float(edge) for edge in page.trimbox)
        self.drawn = DrawnPage(right - left, top - bottom)
        self.state = State(matrix=(1.0, 0.0, 0.0, -1.0, -left, top))
        self.stack: list[State] = []
        self.floor = 0
        """How many saved states are not for what is read now to restore."""
        self.marked: list[Marked] = []
        self.artifacts = 0
        self.depth = 0
        self.text_matrix: Matrix = IDENTITY
        self.path: list[tuple[float, float]] = []
        self.rectangles: list[Rectangle] = []
        """Of the present path: boxes of its rectangles, in points of the page."""
        self.is_clip = False
        self.under = list(under)
        self.resources: list[Any] = []
        self.way = ""
        """How the form that is drawn now is reached from the page's resources."""

    def unknown(self, reason: str) -> UnreadableError:
        return UnreadableError(self.index, reason)

    def run(self, content: bytes, resources: Any) -> None:
        """Read a content stream with the resources that its names are of."""
        self.resources.append(resources)
        operands: list[bytes] = []
        for token in _TOKEN.finditer(content):
            kind, text = token.lastgroup, token[token.lastindex or 0]
            if kind == "operator":
                operate = _OPERATORS.get(text)
                if operate is None:
                    raise self.unknown(f"the drawing has the operator {text.decode()!r}, which is not known")
                try:
                    operate(self, operands)
                except (ValueError, IndexError, KeyError, AttributeError, TypeError) as error:
                    raise self.unknown(f"the drawing has a broken {text.decode()!r}: {error}") from error
                operands.clear()
            elif kind == "unknown":
                at = token.end() - 1
                raise self.unknown(f"the drawing has {content[at : at + 20]!r}, which is not known")
            elif kind != "nothing":
                operands.append(text)
        self.resources.pop()

    def resource(self, kind: str, name: bytes) -> Any:
        """Something by its name in the resources of what is drawn; the page remembers that it was asked for."""
        text = name.decode("ascii", "replace")
        if kind != "/Font":
            self.drawn.objects.add(f"{self.way}{kind}{text}")
        return self.resources[-1][kind][text]

    # Graphics state

    def save(self, operands: list[bytes]) -> None:
        self.stack.append(replace(self.state))

    def restore(self, operands: list[bytes]) -> None:
        if len(self.stack) <= self.floor:
            raise ValueError("no state was saved")
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
        self.drawn.paint.append((box, colour))

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
            self.add_picture(box, (int(drawn.Width), int(drawn.Height)))
            if "/SMask" not in drawn and "/Mask" not in drawn:
                self.cover(box, UNKNOWN)
        elif drawn.Subtype == "/Form":
            self.draw_form(drawn, operands[0].decode("ascii", "replace"))
        else:
            raise ValueError(f"an object of the kind {drawn.Subtype}")

    def add_picture(self, whole: Rectangle, pixels: tuple[int, int] | None = None) -> None:
        box = common(whole, self.state.clip)
        if self.marked and self.marked[-1].number is not None and box[0] < box[2] and box[1] < box[3]:
            self.drawn.pictures.append((self.marked[-1].number, box))
            self.drawn.images += [(self.marked[-1].number, whole, *pixels)] if pixels else []

    def draw_form(self, form: Any, name: str) -> None:
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
        way, self.way = self.way, f"{self.way}/XObject{name} "
        self.run(form.read_bytes(), form.get("/Resources", self.resources[-1]))
        for piece in self.drawn.pieces[pieces:]:
            piece.alpha *= alpha
        if len(self.stack) != open_states or len(self.marked) != open_marked:
            raise ValueError("a form that ends in the middle")
        self.depth -= 1
        self.way = way
        self.state = before

    # Text

    def begin_text(self, operands: list[bytes]) -> None:
        self.text_matrix = IDENTITY

    def set_text_matrix(self, operands: list[bytes]) -> None:
        self.text_matrix = _matrix(operands)

    def set_font(self, operands: list[bytes]) -> None:
        self.state.font = self.fonts.read(self.resource("/Font", operands[0]))
        way = f"{self.way}/Font{operands[0].decode('ascii', 'replace')}"
        self.state.codes = self.drawn.codes.setdefault(way, set())
        self.state.size = float(operands[1])

    def set_rise(self, operands: list[bytes]) -> None:
        self.state.rise = float(operands[0])

    def set_character_spacing(self, operands: list[bytes]) -> None:
        self.state.between = float(operands[0])

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
        scale, between = state.size / 1000, state.between
        a, x = matrix[0], matrix[4]
        piece = self.piece_at(matrix)
        along, characters, space = 0.0, len(piece.text), piece.text.endswith(" ")
        texts: list[str] = []
        shown: list[bytes] = []

        def length(place: Along) -> float:
            return place.width * scale + place.gaps * between

        # Most glyphs stand alone with no kerning between them: joined, they are read at once.
        for codes, kerning in _IN_ARRAY.findall(operands[0].replace(b">0<", b"")):
            if kerning:
                along -= float(kerning) * scale
            elif codes:
                text, whole, words, ends, ink, ends_in_space, missing = font.runs.get(codes) or font.run(codes)
                if space:
                    piece.words.append((characters, x + along * a))
                for at, ink_at in ends:
                    piece.word_ends[characters + at] = (
                        piece.ink_end if ink_at is None else x + (along + length(ink_at)) * a
                    )
                for character, offset in words:
                    piece.words.append((characters + character, x + (along + length(offset)) * a))
                if ink is not None:
                    piece.ink_end = x + (along + length(ink)) * a
                if missing:
                    piece.missing += missing
                shown.append(codes)
                texts.append(text)
                characters += len(text)
                space = ends_in_space
                along += length(whole)
        state.codes.update(shown)
        piece.text += "".join(texts)
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
        for box, colour in chain(reversed(self.drawn.paint), reversed(self.under)):
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


Operate: TypeAlias = Callable[[Interpreter, list[bytes]], None]

_OPERATORS: dict[bytes, Operate] = {
    b"q": Interpreter.save, b"Q": Interpreter.restore, b"cm": Interpreter.transform, b"gs": Interpreter.set_state,
    b"g": Interpreter.set_gray, b"rg": Interpreter.set_rgb, b"k": Interpreter.set_cmyk,
    b"cs": Interpreter.set_space, b"sc": Interpreter.set_colour, b"scn": Interpreter.set_colour,
    b"m": Interpreter.move, b"l": Interpreter.move, b"c": Interpreter.move,
    b"v": Interpreter.move, b"y": Interpreter.move,
    b"re": Interpreter.add_rectangle, b"W": Interpreter.clip, b"W*": Interpreter.clip,
    b"n": Interpreter.end_path, b"S": Interpreter.stroke, b"s": Interpreter.stroke,
    b"f": Interpreter.fill, b"F": Interpreter.fill, b"f*": Interpreter.fill,
    b"B": Interpreter.fill, b"B*": Interpreter.fill, b"b": Interpreter.fill, b"b*": Interpreter.fill,
    b"sh": Interpreter.shade,
    b"BDC": Interpreter.open_marked, b"BMC": Interpreter.open_marked, b"EMC": Interpreter.close_marked,
    b"Do": Interpreter.draw_object,
    b"BT": Interpreter.begin_text, b"ET": Interpreter.ignore, b"Tm": Interpreter.set_text_matrix,
    b"Tf": Interpreter.set_font,
    b"Ts": Interpreter.set_rise, b"Tc": Interpreter.set_character_spacing,
    b"Tr": Interpreter.set_mode, b"TJ": Interpreter.show, b"Tj": Interpreter.show,
    **dict.fromkeys((b"w", b"J", b"j", b"M", b"d", b"i", b"ri", b"h", b"G", b"RG", b"K", b"CS", b"SC", b"SCN"),
                    Interpreter.ignore),
}  # fmt: skip
"""The closed list."""
