"""Which rows of a table can decide how wide it is at least: the others need not be measured.

A column is as wide as its widest word, so of the hundreds of rows of a long table a few will do. Which word is the
widest in which face is for the engine to say; here it is estimated, and whatever comes near the widest is kept.
Pure; knows HTML tables and no style.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

NEAR = 0.75
"""Which part of the widest word's estimated width makes a word worth measuring."""
NEAR_LENGTH = 0.95
"""The same of the longest text in one line."""

_WIDTHS = [("ijl.,;:'|!·’‘", 0.27), ('frtsIJ()[]"”“*°-‐/', 0.37), ("mwM", 0.8), ("W—%@&…", 1.0)]
_WIDTH = {char: width for chars, width in _WIDTHS for char in chars}
_BREAKS = re.compile(r"\s+(?![.,;:!?)\]/…])|(?<=\w-)(?=[^\W\d])|(?<=\w[–—])(?=\w)")
"""Where lines can end: at spaces, but not before stops, as in dots that lead to a figure; after dashes, but not
after a hyphen before a figure."""
_DIGITS = str.maketrans("123456789", "000000000")


class _Shape(NamedTuple):
    """All that decides how wide a cell is at least: cells of the same shape are as good as one."""

    word: str
    tag: str
    classes: str


def words_of(element: Element) -> list[str]:
    """The words under an element but for those of notes, as lines can be broken between them."""
    return [word for word in _BREAKS.split("".join(_texts(element))) if word]


TEXTS = {"prose": 300, "sentence": 80, "phrase": 25, "words": 7}
"""Classes of cells with more than one word, by how many letters they hold at least."""
LONG_WORD, LONGEST_WORD = "long-word", 24
"""The class of a cell with a word of so many letters, which no one would make a whole table smaller for."""
HEAD, LONGEST_HEAD_WORD = "head", 10.0
"""The class of a cell of a head with nothing but words, each at most about so many ems wide."""


def is_head_of_words(cell: Element, words: Sequence[str]) -> bool:
    """Whether a cell in a table's head is over one column and could be set in narrow lines."""
    narrow = all(estimated_width(word) <= LONGEST_HEAD_WORD for word in words)
    return narrow and not _matters(cell)


def kind_of_text(words: Sequence[str]) -> str:
    """The class of a cell by the words that it holds; empty for a single one, figures say."""
    count = sum(map(len, words)) if len(words) > 1 else 0
    return next((kind for kind, least in TEXTS.items() if count >= least), "")


def _texts(element: Element) -> Iterator[str]:
    """The text under an element, with spaces where blocks and lines begin."""
    yield element.text or ""
    for child in element:
        if child.tag in ("p", "li", "div", "br", "td", "th", "tr", "span"):
            yield " " if child.tag != "span" else ""
        if child.tag != "aside":
            yield from _texts(child)
        yield child.tail or ""


def estimated_width(word: str) -> float:
    """About how wide a word is, in ems."""
    return sum(_WIDTH.get(char) or (0.66 if char.isupper() else 0.5) for char in word)


class _Cell(NamedTuple):
    row: int
    words: tuple[tuple[float, _Shape], ...]
    """The estimated width of each word, and all else that decides about it."""
    length: float
    """Of all that it holds, in one line."""


def widest_rows(rows: Iterable[Element]) -> list[Element]:
    """Those of a table's rows that may decide the least width of one of its columns.

    Rows with cells over several columns or rows, with tables or with pictures are always among them. What such a
    cell adds to its columns depends on their longest lines, too.
    """
    rows = [row for row in rows if row.tag == "tr"]
    kept: set[int] = set()
    columns: dict[int, list[_Cell]] = {}
    reach = 0  # the first row that no cell from above reaches into
    for number, row in enumerate(rows):
        spans = [int(cell.get("rowspan", "1")) for cell in row]
        is_reached, reach = reach > number, max([reach, *(number + span for span in spans)])
        if is_reached or any(span > 1 for span in spans) or any(_matters(cell) for cell in row):
            kept.add(number)
            continue
        for column, cell in enumerate(row):
            columns.setdefault(column, []).append(_cell(number, cell))
    for cells in columns.values():
        kept |= _candidates(cells)
    return [row for number, row in enumerate(rows) if number in kept]


def _matters(cell: Element) -> bool:
    return "colspan" in cell.attrib or any(child.tag in ("table", "img") for child in cell.iter())


def _cell(row: int, cell: Element) -> _Cell:
    words = [
        (estimated_width(word), _Shape(word.translate(_DIGITS), str(cell.tag), cell.get("class", "")))
        for word in words_of(cell) or [""]
    ]
    return _Cell(row, tuple(words), sum(width for width, _ in words))


def _candidates(cells: Sequence[_Cell]) -> set[int]:
    """The rows of one column that come near the widest, one for each shape, and for each class of cells."""
    widest = max(width for cell in cells for width, _ in cell.words)
    longest = max(cell.length for cell in cells)
    first: dict[_Shape, int] = {}
    kept: set[int] = set()
    for cell in cells:
        for width, shape in cell.words:
            first.setdefault(shape if width >= NEAR * widest else shape._replace(word=""), cell.row)
        if cell.length >= NEAR_LENGTH * longest:
            kept.add(cell.row)
    return kept | set(first.values())
