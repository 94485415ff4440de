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

NEAR = 0.8
"""Which part of the widest word's estimated width makes a word worth measuring."""

_WIDTHS = [("ijlI.,;:'|!()[]·’‘", 0.28), ('frtJ"”“*°-‐', 0.38), ("mwMW—%@&…", 0.9)]
_WIDTH = {char: width for chars, width in _WIDTHS for char in chars}
_BREAKS = re.compile(r"\s+|(?<=[-–—/])(?=\w)")
"""Where lines can end: at spaces, and after dashes."""
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
    return sum(_WIDTH.get(char) or (0.68 if char.isupper() else 0.5) for char in word)


def widest_rows(rows: Iterable[Element]) -> list[Element]:
    """Those of a table's rows that may decide the least width of one of its columns.

    Rows with cells over several columns or rows, with tables or with pictures are always among them.
    """
    rows = [row for row in rows if row.tag == "tr"]
    kept: set[int] = set()
    columns: dict[int, list[tuple[float, int, _Shape]]] = {}
    reach = 0  # the first row that no cell from above reaches into
    for number, row in enumerate(rows):
        spans = [int(cell.get("rowspan", "1")) for cell in row]
        is_reached, reach = reach > number, max([reach, *(number + span for span in spans)])
        if is_reached or any(span > 1 for span in spans) or any(_matters(cell) for cell in row):
            kept.add(number)
            continue
        for column, cell in enumerate(row):
            word = max(words_of(cell), key=estimated_width, default="")
            shape = _Shape(word.translate(_DIGITS), str(cell.tag), cell.get("class", ""))
            columns.setdefault(column, []).append((estimated_width(word), number, shape))
    for cells in columns.values():
        kept |= _candidates(cells)
    return [row for number, row in enumerate(rows) if number in kept]


def _matters(cell: Element) -> bool:
    return "colspan" in cell.attrib or any(child.tag in ("table", "img") for child in cell.iter())


def _candidates(cells: Sequence[tuple[float, int, _Shape]]) -> set[int]:
    """The rows of one column whose words come near the widest, one for each shape; one for each class of cells."""
    widest = max(width for width, _, _ in cells)
    first: dict[_Shape, int] = {}
    for width, number, shape in cells:
        near = width >= NEAR * widest
        first.setdefault(shape if near else shape._replace(word=""), number)
    return set(first.values())
