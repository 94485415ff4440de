"""Fonts of a finished PDF as a reader has them: which text each code stands for, how wide it is, where it ends.

Only what this house's PDFs have is read: composite fonts with Identity-H or an embedded code map, ToUnicode,
widths by W (ISO 32000-1, 9.7 and 9.10). Anything else is a ValueError: it could not be proven.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from typing import NamedTuple

import pikepdf

from edition.proof.text import UNREADABLE

_BLOCK = re.compile(rb"begin(bfchar|bfrange|cidchar|cidrange)(.*?)end\1", re.S)
_CODE = struct.Struct(">H")
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")


class Glyph(NamedTuple):
    """What a code stands for, its width, and whether the face has no glyph for it."""

    text: str
    width: float
    is_missing: bool


DEFAULT_WIDTH = 1000.0
UNKNOWN_GLYPH = Glyph(UNREADABLE, DEFAULT_WIDTH, False)


class Along(NamedTuple):
    """How far a place is along a run."""

    width: float
    """In thousandths of the size."""
    gaps: int
    """Between glyphs before it: so often what is set between characters is added."""


class Run(NamedTuple):
    """Glyphs that are shown one after the other."""

    text: str
    whole: Along
    words: tuple[tuple[int, Along], ...]
    """After each space in it: which character, and where that begins."""
    ends: tuple[tuple[int, Along | None], ...]
    """At each space in it: which character, and where the ink before ends; None where that is before the run."""
    ink: Along | None
    """Where its last glyph that is no space ends; None if it has only spaces."""
    ends_in_space: bool
    missing: str
    """The text of glyphs that the face does not have."""


@dataclass(slots=True)
class Font:
    """A font of the PDF. Codes are two bytes; widths are in thousandths of the size."""

    name: str
    family: str
    glyphs: dict[int, Glyph] = field(repr=False)
    """By code."""
    runs: dict[bytes, Run] = field(default_factory=dict, repr=False)
    """By their codes in hexadecimal digits, what was shown so far: most runs come again."""

    def run(self, digits: bytes) -> Run:
        """What codes in hexadecimal digits show. Raises ValueError if they are not of two bytes each."""
        codes = bytes.fromhex(digits.decode())
        if len(codes) % 2:
            raise ValueError("half a code")
        text, missing, width = "", "", 0.0
        ink: Along | None = None
        words: list[tuple[int, Along]] = []
        ends: list[tuple[int, Along | None]] = []
        space = False
        for number, (code,) in enumerate(_CODE.iter_unpack(codes)):
            glyph = self.glyphs.get(code, UNKNOWN_GLYPH)
            if space:
                words.append((len(text), Along(width, number)))
            if glyph.is_missing:
                missing += glyph.text
            space = glyph.text == " "
            if space:
                ends.append((len(text), ink))
            text += glyph.text
            width += glyph.width
            if not space:
                ink = Along(width, number)
        whole = Along(width, len(codes) // 2)
        self.runs[digits] = run = Run(text, whole, tuple(words), tuple(ends), ink, space, missing)
        return run


class Fonts:
    """The fonts of one PDF, each read once."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, int], Font] = {}

    def read(self, font: pikepdf.Object) -> Font:
        """Raises ValueError for a font that cannot be read."""
        key = font.objgen
        if key == (0, 0):
            return read_font(font)
        if key not in self.known:
            self.known[key] = read_font(font)
        return self.known[key]


def read_font(font: pikepdf.Object) -> Font:
    name = str(font.get("/BaseFont", "/unnamed"))[1:].rpartition("+")[2]
    if font.get("/Subtype") != "/Type0":
        raise ValueError(f"the font {name} is of a kind that cannot be read back")
    descendant = font.DescendantFonts[0]
    descriptor = descendant.FontDescriptor
    texts = _texts(font)
    widths = _widths(descendant)
    count = _glyph_count(descriptor)
    cids = _cids(font)
    glyphs = {}
    for code in texts.keys() | widths.keys() | {0}:
        is_missing = not 0 < cids.get(code, code) < count
        glyphs[code] = Glyph(texts.get(code) or UNREADABLE, widths.get(code, DEFAULT_WIDTH), is_missing)
    return Font(name, str(descriptor.get("/FontFamily", "")) or name, glyphs)


def _texts(font: pikepdf.Object) -> dict[int, str]:
    if "/ToUnicode" not in font:
        return {}
    texts: dict[int, str] = {}
    for kind, block in _BLOCK.findall(font.ToUnicode.read_bytes()):
        codes = [re.sub(rb"\s", b"", code) for code in _HEX.findall(block)]
        if kind == b"bfchar":
            texts.update(
                (int(code, 16), _utf16(text)) for code, text in zip(codes[::2], codes[1::2], strict=False)
            )
        elif kind == b"bfrange":
            for first, last, text in zip(codes[::3], codes[1::3], codes[2::3], strict=False):
                start = _utf16(text)
                for step in range(min(int(last, 16) - int(first, 16), 0xFFFF) + 1):
                    texts[int(first, 16) + step] = start[:-1] + chr(ord(start[-1]) + step)
    return texts


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")


def _cids(font: pikepdf.Object) -> dict[int, int]:
    """Codes and their glyphs where the two differ."""
    if font.Encoding == "/Identity-H":
        return {}
    if not isinstance(font.Encoding, pikepdf.Stream):
        raise ValueError(f"the font {font.BaseFont} has an encoding that cannot be read back")
    cids: dict[int, int] = {}
    for kind, block in _BLOCK.findall(font.Encoding.read_bytes()):
        if kind == b"cidchar":
            cids |= {int(code, 16): int(cid) for code, cid in re.findall(rb"<([0-9A-Fa-f]+)>\s*(\d+)", block)}
        elif kind == b"cidrange":
            for first, last, cid in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(\d+)", block):
                start, end = int(first, 16), min(int(last, 16), 0xFFFF)
                cids |= {code: int(cid) + code - start for code in range(start, end + 1)}
    return cids


def _widths(descendant: pikepdf.Object) -> dict[int, float]:
    widths: dict[int, float] = {}
    entries = list(descendant.get("/W", pikepdf.Array()).as_list())
    position = 0
    while position + 1 < len(entries):
        first, second = int(entries[position]), entries[position + 1]
        if isinstance(second, pikepdf.Array):
            widths.update((first + step, float(width)) for step, width in enumerate(second.as_list()))
            position += 2
        else:
            last, width = min(int(second), 0xFFFF), float(entries[position + 2])
            widths.update(dict.fromkeys(range(first, last + 1), width))
            position += 3
    return widths


def _glyph_count(descriptor: pikepdf.Object) -> int:
    """How many glyphs the embedded face has: by `maxp` of OpenType, else by the CharStrings of bare CFF."""
    for key in ("/FontFile2", "/FontFile3"):
        if key in descriptor:
            program = descriptor[key].read_bytes()
            break
    else:
        raise ValueError(f"the font {descriptor.get('/FontName')} is not embedded")
    try:
        if program[:4] in (b"OTTO", b"\0\1\0\0", b"true", b"ttcf"):
            return _glyphs_by_maxp(program)
        return _glyphs_by_charstrings(program)
    except (struct.error, IndexError, KeyError) as error:
        raise ValueError(f"the font {descriptor.get('/FontName')} cannot be read: {error}") from error


def _glyphs_by_maxp(program: bytes) -> int:
    start = struct.unpack_from(">I", program, 12)[0] if program[:4] == b"ttcf" else 0
    for number in range(struct.unpack_from(">H", program, start + 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sIII", program, start + 12 + 16 * number)
        if tag == b"maxp":
            return int(struct.unpack_from(">H", program, offset + 4)[0])
    raise KeyError("maxp")


def _glyphs_by_charstrings(program: bytes) -> int:
    """The count of the CharStrings INDEX that the Top DICT points to (Adobe Technical Note 5176, 4, 5 and 9)."""
    position = _after_index(program, program[2])  # the Name INDEX
    count, size = struct.unpack_from(">HB", program, position)
    first, last = (
        int.from_bytes(program[position + 3 + size * n : position + 3 + size * (n + 1)]) for n in range(2)
    )
    base = position + 3 + size * (count + 1) - 1
    operands: list[int] = []
    for operator, value in _dict_entries(program[base + first : base + last]):
        if operator == 17:
            return int(struct.unpack_from(">H", program, operands[-1])[0])
        operands = [] if operator is not None else [*operands, value]
    raise KeyError("CharStrings")


def _after_index(program: bytes, position: int) -> int:
    count, size = struct.unpack_from(">HB", program, position)
    if not count:
        return position + 2
    end = int(position + 3 + size * count)
    return end + int(size) + int.from_bytes(program[end : end + size]) - 1


def _dict_entries(entries: bytes) -> list[tuple[int | None, int]]:
    """Operators as (operator, 0) and operands as (None, value); real numbers count as 0."""
    found: list[tuple[int | None, int]] = []
    position = 0
    while position < len(entries):
        byte = entries[position]
        position += 1
        if byte <= 21:
            if byte == 12:
                byte = 1200 + entries[position]
                position += 1
            found.append((byte, 0))
        elif byte == 28:
            found.append((None, struct.unpack_from(">h", entries, position)[0]))
            position += 2
        elif byte == 29:
            found.append((None, struct.unpack_from(">i", entries, position)[0]))
            position += 4
        elif byte == 30:
            while entries[position] & 15 != 15 and entries[position] >> 4 != 15:
                position += 1
            position += 1
            found.append((None, 0))
        elif byte <= 246:
            found.append((None, byte - 139))
        elif byte <= 250:
            found.append((None, (byte - 247) * 256 + entries[position] + 108))
            position += 1
        else:
            found.append((None, -(byte - 251) * 256 - entries[position] - 108))
            position += 1
    return found
