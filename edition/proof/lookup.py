"""Looking things up in a places file again and again, in both directions: of each page no more is read than asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from edition.proof.places import FORMAT, Places, read_places
from edition.source import Place


class Box(NamedTuple):
    """Where something stands on a page, in points from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float


class Spot(NamedTuple):
    """A word on a page and where it was written."""

    page: int
    box: Box
    place: Place


class Lookup:
    """A places file. Pages are counted from 0."""

    def __init__(self, content: bytes) -> None:
        """Raises ValueError for anything that is no places file."""
        head, _, body = content.partition(b'"pages":[\n')
        try:
            described = json.loads(head.rstrip(b", ") + b"}")
            if described["format"] != FORMAT:
                raise ValueError(f"a places file of the format {described['format']}")
            self.files: tuple[str, ...] = tuple(described["files"])
        except (KeyError, TypeError) as error:
            raise ValueError("no places file") from error
        self.lines = [line.rstrip(b",") for line in body.split(b"\n")[:-2]]
        self._page = lru_cache(64)(self._read)

    def word_at(self, page: int, x: float, y: float) -> Spot | None:
        """The word at a point of a page; the place is that of the character there."""
        place = self._one(page).look_up(0, x, y)
        row = self._one(page)._row_at(0, 10 * x, 10 * y)
        if place is None or row is None:
            return None
        begin, end = next(
            (stops for stops in _words(row) if stops[1] >= 10 * x), (row[1], row[3])
        )  # fmt: skip
        return Spot(page, _box(row, begin, end), place)

    def find(self, place: Place) -> Spot | None:
        """Where what is written at a place stands on the pages: the word, or the nearest one after it in its line."""
        if place.path not in self.files:
            return None
        number = self.files.index(place.path)
        best: tuple[tuple[int, int], int, tuple[Any, ...], int] | None = None
        for page in self._pages_of(number):
            for row in self._one(page).pages[0]:
                if row[5] != number:
                    continue
                for character, line, column, length in _runs(row):
                    if line != place.line or column + length <= place.column:
                        continue
                    distance = max(0, column - place.column)
                    index = character + max(0, place.column - column)
                    if best is None or (distance, page) < best[0]:
                        best = (distance, page), page, row, index
        if best is None:
            return self._nearest(number, place)
        _, page, row, index = best
        begin, end = _word_of(row, index)
        return Spot(page, _box(row, begin, end), place)

    def pieces(self, page: int) -> list[Box]:
        """The boxes of all pieces of print of a page."""
        return [_box(row, row[1], row[3]) for row in self._one(page).pages[0]]

    def baselines(self, page: int) -> list[tuple[float, float]]:
        """Of all pieces of print of a page, how far down their baseline is and how large they are, in points."""
        return [(row[2] / 10, row[4] / 10) for row in self._one(page).pages[0]]

    def _nearest(self, number: int, place: Place) -> Spot | None:
        """The first piece that was written on a later line, or the last of an earlier one."""
        after: tuple[int, int, tuple[Any, ...]] | None = None
        before: tuple[int, int, tuple[Any, ...]] | None = None
        for page in self._pages_of(number):
            for row in self._one(page).pages[0]:
                if row[5] != number:
                    continue
                if row[6] >= place.line and (after is None or row[6] < after[0]):
                    after = row[6], page, row
                if row[6] < place.line and (before is None or row[6] > before[0]):
                    before = row[6], page, row
        found = after or before
        return Spot(found[1], _box(found[2], *_word_of(found[2], 0)), place) if found else None

    def _pages_of(self, number: int) -> Iterator[int]:
        for page, line in enumerate(self.lines):
            begin = line.find(b"],[") + 3
            files = line[begin : line.find(b"]", begin)]
            if files and number in map(int, files.split(b",")):
                yield page

    def _one(self, page: int) -> Places:
        return self._page(page) if 0 <= page < len(self.lines) else Places((), ((),))

    def _read(self, page: int) -> Places:
        head = json.dumps({"format": FORMAT, "files": self.files}).encode()
        return read_places(head[:-1] + b',"pages":[' + self.lines[page] + b"]}")


def _box(row: Sequence[Any], begin: float, end: float) -> Box:
    y, size = row[2], row[4]
    return Box(begin / 10, (y - 0.8 * size) / 10, end / 10, (y + 0.25 * size) / 10)


def _stops(row: Sequence[Any]) -> list[tuple[int, int]]:
    """Where words begin, by character and abscissa; the end of the piece is the last."""
    stops = [(0, row[1])]
    for step, distance in zip(row[9][::2], row[9][1::2], strict=True):
        stops.append((stops[-1][0] + step, stops[-1][1] + distance))
    return stops


def _words(row: Sequence[Any]) -> list[tuple[int, int]]:
    stops = _stops(row)
    return [(left[1], right[1]) for left, right in pairwise(stops)]


def _word_of(row: Sequence[Any], character: int) -> tuple[int, int]:
    """From where to where the word of a character stands."""
    stops = _stops(row)
    number = max((index for index, (begin, _) in enumerate(stops[:-1]) if begin <= character), default=0)
    return stops[number][1], stops[number + 1][1]


def _runs(row: Sequence[Any]) -> Iterator[tuple[int, int, int, int]]:
    """Pieces that were written side by side: first character, line, column, length."""
    starts = [(0, row[6], row[7]), *zip(row[8][::3], row[8][1::3], row[8][2::3], strict=True)]
    total = _stops(row)[-1][0]
    for number, (character, line, column) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else total
        yield character, line, column, max(0, end - character)
