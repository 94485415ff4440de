"""Named destinations: every anchor of the pages under its id, so that `volume.pdf#page-404` opens there.

What is beyond ASCII is written as in a web address, `page-%C2%BD`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from edition.assemble.syntax import Name, Reference, Value, text_string
from edition.pages import Page, destination_name

LEAF = 64
"""Names in a leaf of a name tree."""


class Spot(NamedTuple):
    """A point on a page, in points from the bottom left corner as PDF has it; the page's index from 0."""

    page: int
    left: float
    top: float

    def array(self, pages: Sequence[int]) -> list[Value]:
        """The destination that shows this point at the window's top left, at the present zoom.

        `pages` are the numbers of the pages' objects.
        """
        return [Reference(pages[self.page]), Name("XYZ"), round(self.left, 3), round(self.top, 3), None]


def destinations(pages: Sequence[Page]) -> dict[str, Spot]:
    """Where each anchor stands; of one that stands on several pages, where it begins."""
    spots: dict[str, Spot] = {}
    for page in pages:
        for anchor, (x, y) in page.anchors.items():
            spots.setdefault(anchor, Spot(page.index, x, page.height - y))
    return spots


def name_tree(entries: Mapping[str, Value], number: int) -> Iterator[tuple[int, dict[str, Value]]]:
    """A name tree, its root as object `number`, leaves after it: names in order (ISO 32000-1, 7.9.6)."""
    written = ((text_string(destination_name(name)), entry) for name, entry in entries.items())
    yield from tree_of(sorted(written, key=itemgetter(0)), number)


def tree_of(named: Sequence[tuple[bytes, Value]], number: int) -> Iterator[tuple[int, dict[str, Value]]]:
    """A name tree of names as they stand in the file, in order."""
    leaves = [named[start : start + LEAF] for start in range(0, len(named), LEAF)]
    if len(leaves) <= 1:
        yield number, {"Names": [value for pair in named for value in pair]}
        return
    yield number, {"Kids": [Reference(number + 1 + index) for index in range(len(leaves))]}
    for index, leaf in enumerate(leaves, number + 1):
        yield index, {"Limits": [leaf[0][0], leaf[-1][0]], "Names": [value for pair in leaf for value in pair]}
