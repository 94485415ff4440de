"""The sheet that a page is printed on: its boxes, crop marks, and colour that goes on into the bleed.

All lengths are points. Pages keep their coordinates: the sheet grows around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name

MARK_LENGTH = 14.0
MARK_DISTANCE = 8.5
"""From the trimmed page to a crop mark, at least: the marks must not show after trimming (3 mm)."""
MARK_WIDTH = 0.25
TOUCHES = 0.5
"""Within this distance of the page's edge colour is meant to reach it."""

Box: TypeAlias = tuple[float, float, float, float]
Matrix: TypeAlias = tuple[float, float, float, float, float, float]

_NUMBER = rb"[+-]?(?:\d+\.?\d*|\.\d+)"
_TOKEN = re.compile(
    rb"\((?:\\.|[^()\\])*\)|<[^<>]*>|(?P<matrix>(?:" + _NUMBER + rb"\s+){6})cm\b|(?P<box>(?:" + _NUMBER
    + rb"\s+){4})re\b|(?<![^\s\[\]<>()/])(?P<state>[qQ])(?![^\s\[\]<>()/])", re.S
)  # fmt: skip


def add_sheets(pdf: pikepdf.Pdf, bleed: float, *, marks: bool) -> None:
    """Give every page its boxes, colour up to the bleed, and crop marks on request."""
    registration = registration_colour(pdf) if marks else None
    for page in pdf.pages:
        trim = page_box(page)
        page.obj.TrimBox = Array(trim)
        page.obj.BleedBox = Array(grown(trim, bleed))
        page.obj.MediaBox = Array(media_box(trim, bleed) if marks else grown(trim, bleed))
        for key in ("/CropBox", "/ArtBox"):
            if key in page.obj:
                del page.obj[key]
        content = with_bleed(contents_of(page), trim, bleed)
        if registration is not None:
            page.obj.Resources = _with_registration(page.obj.Resources, registration)
            content = b"q\n" + content + b"\nQ\n" + crop_marks(trim, bleed)
        page.obj.Contents = pdf.make_stream(content)


def contents_of(page: pikepdf.Page) -> bytes:
    """A page's drawing, whole."""
    contents = page.obj.get("/Contents", Array())
    streams = contents.as_list() if isinstance(contents, Array) else [contents]
    return b"\n".join(stream.read_bytes() for stream in streams)


def page_box(page: pikepdf.Page) -> Box:
    """Left, bottom, right and top of the trimmed page."""
    left, bottom, right, top = (float(edge) for edge in page.trimbox)
    return left, bottom, right, top


def grown(box: Box, by: float) -> Box:
    """A box with so much more on each side."""
    left, bottom, right, top = box
    return left - by, bottom - by, right + by, top + by


def media_box(trim: Box, bleed: float) -> Box:
    """The sheet around a page with bleed and crop marks."""
    return grown(trim, max(bleed, MARK_DISTANCE) + MARK_LENGTH)


def crop_marks(trim: Box, bleed: float) -> bytes:
    """Eight lines that point at the corners of the trimmed page, outside of the bleed, in all inks."""
    left, bottom, right, top = trim
    near = max(bleed, MARK_DISTANCE)
    far = near + MARK_LENGTH
    lines = []
    for x in (left, right):
        lines += [(x, top + near, x, top + far), (x, bottom - near, x, bottom - far)]
    for y in (bottom, top):
        lines += [(left - near, y, left - far, y), (right + near, y, right + far, y)]
    drawn = "".join(f"{a:.3f} {b:.3f} m {c:.3f} {d:.3f} l\n" for a, b, c, d in lines)
    return f"/Artifact BMC\nq\n/Registration CS 1 SCN {MARK_WIDTH} w\n{drawn}S\nQ\nEMC\n".encode()


def registration_colour(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """The colour that stands for every ink (ISO 32000-1, 8.6.6.4)."""
    tint = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0, 0, 0, 0]), C1=Array([1, 1, 1, 1]), N=1)
    return pdf.make_indirect(Array([Name.Separation, Name.All, Name.DeviceCMYK, tint]))


def _with_registration(resources: Any, registration: pikepdf.Object) -> Dictionary:
    own = Dictionary(resources)
    spaces = Dictionary(resources.get("/ColorSpace", {}))
    spaces.Registration = registration
    own.ColorSpace = spaces
    return own


def with_bleed(content: bytes, trim: Box, bleed: float) -> bytes:
    """A drawing whose rectangles, backgrounds and clips, go on into the bleed where they reach an edge."""
    return b"".join(_drawn(content, trim, bleed)) if bleed else content


def _drawn(content: bytes, trim: Box, bleed: float) -> Iterator[bytes]:
    matrix: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    stack: list[Matrix] = []
    position = 0
    for token in _TOKEN.finditer(content):
        yield content[position : token.start()]
        position = token.end()
        if token["matrix"]:
            matrix = _multiply(tuple(map(float, token["matrix"].split())), matrix)
        elif token["state"] == b"q":
            stack.append(matrix)
        elif token["state"] == b"Q" and stack:
            matrix = stack.pop()
        if token["box"] and (rectangle := _extended(token["box"], matrix, trim, bleed)):
            yield rectangle
        else:
            yield token[0]
    yield content[position:]


def _extended(operands: bytes, matrix: Matrix, trim: Box, bleed: float) -> bytes | None:
    """A rectangle with those edges moved out that touch an edge of the page; None if there are none."""
    a, b, c, d, e, f = matrix
    x, y, width, height = map(float, operands.split())
    if b or c or not a or not d or not width or not height:
        return None
    columns, rows = sorted((a * x + e, a * (x + width) + e)), sorted((d * y + f, d * (y + height) + f))
    left, right = _moved(columns[0], columns[1], trim[0], trim[2], bleed)
    bottom, top = _moved(rows[0], rows[1], trim[1], trim[3], bleed)
    if [left, right, bottom, top] == [*columns, *rows]:
        return None
    x, far_x = sorted(((left - e) / a, (right - e) / a))
    y, far_y = sorted(((bottom - f) / d, (top - f) / d))
    return f"{x:.4f} {y:.4f} {far_x - x:.4f} {far_y - y:.4f} re".encode()


def _moved(near: float, far: float, low: float, high: float, bleed: float) -> tuple[float, float]:
    return (
        min(near, low - bleed) if near <= low + TOUCHES else near,
        max(far, high + bleed) if far >= high - TOUCHES else far,
    )


def _multiply(one: tuple[float, ...], other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
