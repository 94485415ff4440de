"""The way from a point on a page back to the source: made with each proof, kept beside the PDF, looked up later.

`NAME.places.json` is plain JSON, a page a line: the same bytes wherever it is made, which a compressed file is
not, and readable in a browser. A page is

    [shift, files, pieces of print]

with the numbers of the files that its pieces are from, and how far its body was moved to the right and down. A
piece is

    [number of marked content, x, y, end, size, file, line, column, jumps, words]

with x, y and end in tenths of a point from the top left corner, before the shift, in tenths, too; y is that of the
baseline, the size in tenths, and the file a place among those of the page.
Its first character was written at line and column of the file; `jumps` are triples (character, line, column)
from where on the source goes on elsewhere; `words` are pairs (character, x), each from the one before, for where
each further word begins and for the end.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from edition.proof.collation import Matched
from edition.proof.drawing import Shift
from edition.proof.matching import normal
from edition.proof.origins import Origins
from edition.proof.parts import Drawn
from edition.proof.text import alike_offsets
from edition.source import Place

FORMAT = 2
FILE, LINE, JUMPS = 5, 6, 8
"""Where rows have them."""
REACH = 3.0
"""Points beside a piece that still count as on it."""

Row: TypeAlias = list[Any]
"""A piece of print."""


class PageRows(NamedTuple):
    """The pieces of print of one page."""

    files: tuple[str, ...]
    """The files that rows have by number, as the places file calls them."""
    rows: str
    """As the file has them, without the brackets around them all."""
    moving: tuple[Row, ...]
    """Those written in a file whose lines are counted from somewhere else."""


def page_rows(
    matches: Iterable[Matched], origins: Origins, names: Mapping[str, str], pages: int, moving: str
) -> list[PageRows]:
    """All pieces of print, page by page; `names` are what paths are called there, from the edition's folder.

    Rows of the file called `moving` are kept apart.
    """
    rows: list[list[Row]] = [[] for _ in range(pages)]
    files: list[dict[str, int]] = [{} for _ in range(pages)]
    for matched in matches:
        for item, start in _starts(matched):
            page = item.piece.page
            if (row := _row(item, start, matched, origins, names, files[page])) is not None:
                rows[page].append(row)
    return [_divided(sorted(page, key=_order), tuple(own), moving) for page, own in zip(rows, files, strict=True)]


def _divided(rows: list[Row], files: tuple[str, ...], moving: str) -> PageRows:
    number = files.index(moving) if moving in files else -1
    staying = json.dumps([row for row in rows if row[FILE] != number], separators=(",", ":"))[1:-1]
    return PageRows(files, staying, tuple(row for row in rows if row[FILE] == number))


def moved(row: Row, lines: int) -> Row:
    """A row whose source has moved down by some lines."""
    jumps = [value + lines if at % 3 == 1 else value for at, value in enumerate(row[JUMPS])]
    return [*row[:LINE], row[LINE] + lines, *row[LINE + 1 : JUMPS], jumps, *row[JUMPS + 1 :]]


def page_line(shift: Shift, files: Sequence[int], rows: str, moving: Iterable[Row] = ()) -> str:
    """A page of the file, given its pieces; lengths are in points."""
    more = json.dumps(list(moving), separators=(",", ":"))[1:-1]
    said = ",".join(filter(None, (more, rows)))
    right, down = (f"{round(10 * points, 2) or 0:g}" for points in shift)
    return f"[[{right},{down}],[{','.join(map(str, files))}],[{said}]]"


def places_file(files: Iterable[str], pages: Iterable[str]) -> bytes:
    """The file that maps pages to sources, from the lines of its pages."""
    head = json.dumps({"format": FORMAT, "files": list(files)}, ensure_ascii=False, separators=(",", ":"))
    body = ",\n".join(pages)
    return f'{head[:-1]},"pages":[\n{body}\n]}}\n'.encode()


def _order(row: Row) -> tuple[int, int, int]:
    return row[0], row[2], row[1]


def _starts(matched: Matched) -> Iterator[tuple[Drawn, int]]:
    """Pieces of text with their offsets in the stream, as far as these are known."""
    failed = matched.found.failed
    sound = matched.drawn.items if failed is None else matched.drawn.items[:failed]
    for item, start in zip(sound, matched.found.starts, strict=False):
        if item.standing.part == "text":
            yield item, start
    if matched.resumed is not None:
        seen = {id(item) for item in sound}
        for word, drawn in matched.resumed.same:
            if drawn.begin == 0 and id(drawn.item) not in seen:
                seen.add(id(drawn.item))
                yield drawn.item, word.offset


def _row(
    item: Drawn, start: int, matched: Matched, origins: Origins, names: Mapping[str, str], files: dict[str, int]
) -> Row | None:
    piece = item.piece
    drawn = normal(piece.text)
    leading = len(drawn) - len(drawn.lstrip(" "))
    length = len(drawn.strip(" "))
    if not length or piece.number is None:
        return None
    runs = origins.runs(matched.stream, start, length)
    if not runs:
        return None
    (_, first), *rest = runs if drawn == piece.text else _in_drawn(runs, alike_offsets(piece.text)[leading:])
    begin = 0 if drawn != piece.text else leading
    file = files.setdefault(names.get(first.path, first.path), len(files))
    jumps = [value for index, place in rest for value in (index + begin, place.line, place.column)]
    words, last, at = [], 0, round(10 * piece.x)
    for character, x in (*piece.words, (len(piece.text.rstrip()), piece.ink_end)):
        words += [character - last, round(10 * x) - at]
        last, at = character, round(10 * x)
    return [
        piece.number, round(10 * piece.x), round(10 * piece.y), round(10 * piece.end), round(10 * piece.size),
        file, first.line, first.column - leading, jumps, words,
    ]  # fmt: skip


def _in_drawn(runs: Sequence[tuple[int, Place]], offsets: Sequence[int]) -> list[tuple[int, Place]]:
    """Runs by the characters as drawn, of which some count for none or several where texts are compared."""
    found: list[tuple[int, Place]] = []
    number = 0
    for index, offset in enumerate(offsets):
        while number + 1 < len(runs) and runs[number + 1][0] <= index:
            number += 1
        begin, place = runs[number]
        here = Place(place.path, place.line, place.column + index - begin)
        if found:
            last, before = found[-1]
            if here == Place(before.path, before.line, before.column + offset - last):
                continue
        if not found or found[-1][0] != offset:
            found.append((offset, here))
    return found


@dataclass(frozen=True)
class Places:
    """A places file that was read."""

    files: tuple[str, ...]
    pages: tuple[tuple[tuple[Any, ...], ...], ...]
    """The pieces of each page, each where it is now, and files by their number among all."""

    def look_up(self, page: int, x: float, y: float) -> Place | None:
        """The source of the character at a point of a page (from 0), in points from its top left corner."""
        row = self._row_at(page, 10 * x, 10 * y)
        return self._place(row, _character_at(row, 10 * x)) if row else None

    def place_of(self, page: int, number: int, character: int = 0) -> Place | None:
        """The source of a character, from 0, of the marked content of a number."""
        row = self._by_number[page].get(number) if page < len(self.pages) else None
        return self._place(row, character) if row else None

    @cached_property
    def _by_number(self) -> list[dict[int, tuple[Any, ...]]]:
        return [{row[0]: row for row in reversed(page)} for page in self.pages]

    def _row_at(self, page: int, x: float, y: float) -> tuple[Any, ...] | None:
        if not 0 <= page < len(self.pages):
            return None
        reach = 10 * REACH
        near = [
            (abs(row[2] - row[4] / 3 - y) + max(0, row[1] - x, x - row[3]), row)
            for row in self.pages[page]
            if row[1] - reach <= x <= row[3] + reach and row[2] - row[4] <= y <= row[2] + 0.35 * row[4]
        ]
        return min(near, key=lambda entry: entry[0])[1] if near else None

    def _place(self, row: Sequence[Any], character: int) -> Place:
        line, column, begins = row[6], row[7], 0
        for index, jump_line, jump_column in zip(row[8][::3], row[8][1::3], row[8][2::3], strict=True):
            if index > character:
                break
            line, column, begins = jump_line, jump_column, index
        return Place(self.files[row[5]], line, max(1, column + character - begins))


def _character_at(row: Sequence[Any], x: float) -> int:
    """Which character of a piece stands at x: exact for the words, by their width within them."""
    stops = [(0, row[1])]
    for step, distance in zip(row[9][::2], row[9][1::2], strict=True):
        stops.append((stops[-1][0] + step, stops[-1][1] + distance))
    number = max((index for index, (_, at) in enumerate(stops[:-1]) if at <= x), default=0)
    (character, left), (after, right) = stops[number : number + 2]
    share = (x - left) / (right - left) if right > left else 0.0
    return character + max(0, min(after - character - 1, int(share * (after - character))))


def read_places(content: bytes) -> Places:
    """A places file from its bytes. Raises ValueError for anything else."""
    try:
        found = json.loads(content)
        if found["format"] != FORMAT:
            raise ValueError(f"a places file of the format {found['format']}")
        pages = tuple(tuple(_settled(row, shift, files) for row in rows) for shift, files, rows in found["pages"])
        return Places(tuple(found["files"]), pages)
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError("no places file") from error


def _settled(row: Sequence[Any], shift: Sequence[float], files: Sequence[int]) -> tuple[Any, ...]:
    number, x, y, end, size, file, *rest = row
    right, down = shift
    return number, x + right, y + down, end + right, size, files[file], *rest


def look_up(path: Path, page: int, x: float, y: float) -> Place | None:
    """The source of a point on a page, from a places file."""
    return read_places(path.read_bytes()).look_up(page, x, y)
