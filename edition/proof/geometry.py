"""Rectangles and matrices as PDF has them (ISO 32000-1, 8.3). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from edition.pages import Rectangle

Matrix: TypeAlias = tuple[float, float, float, float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def multiply(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that applies `inner` first."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def box_of(matrix: Matrix, left: float, top: float, right: float, bottom: float) -> Rectangle:
    """The box around a rectangle that a matrix has moved."""
    a, b, c, d, e, f = matrix
    corners = [(left, top), (right, top), (left, bottom), (right, bottom)]
    xs = [a * x + c * y + e for x, y in corners]
    ys = [b * x + d * y + f for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def common(one: Rectangle, other: Rectangle | None) -> Rectangle:
    """What two rectangles share; its right edge is left of its left one if they share nothing."""
    if other is None:
        return one
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def around(boxes: Iterable[Rectangle]) -> Rectangle:
    """The box around others, of which there is at least one."""
    return around_points([corner for box in boxes for corner in (box[:2], box[2:])])


def around_points(points: Sequence[tuple[float, float]]) -> Rectangle:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def as_box(path: list[tuple[float, float]]) -> Rectangle | None:
    """A path's box, if its points are the corners of a level rectangle."""
    if (
        not 4 <= len(path) <= 5
        or len({round(x, 2) for x, _ in path}) != 2
        or len({round(y, 2) for _, y in path}) != 2
    ):
        return None
    return around_points(path)


def moved_by(box: Rectangle, shift: tuple[float, float]) -> Rectangle:
    """A box moved to the right and down."""
    right, down = shift
    return box[0] + right, box[1] + down, box[2] + right, box[3] + down


def share(inner: Rectangle, outer: Rectangle) -> float:
    """Which part of one rectangle lies in another."""
    left, top, right, bottom = common(inner, outer)
    area = (inner[2] - inner[0]) * (inner[3] - inner[1])
    if right <= left or bottom <= top or area <= 0:
        return 0.0
    return (right - left) * (bottom - top) / area
