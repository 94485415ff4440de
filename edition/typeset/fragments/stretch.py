"""A stretch of the book, from one place where every style's pages must end to the next, and the fragments in it.

A stretch is laid out as a whole and kept as fragments: one ends where a page happens to end before a document, or
before a paragraph, a table or an item in one. What a fragment looks like is decided by its own HTML and by what the
engine saw of what comes next, so that fragments of a stretch that was edited are found again up to the edit, and from
the next one on that begins a page as it did before. Knows the elements that the templates make, and nothing of CSS.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from zlib import crc32

from edition.typeset.fragments.outline import (
    HEAD,
    Around,
    Node,
    add_blocks,
    after_heads,
    heads_above,
    nodes,
    open_at,
    outline_of,
    until,
)

BEGINNING = 400
"""So many characters of its text tell what may be a fragment that was laid out before."""
EVERY = 400
"""A fragment may begin with a block of so many characters and more, and with the so-manieth part of those of one."""
_START_TAG = re.compile(r"<[A-Za-z]")
_HEADS = re.compile(r'\sdata-heads="([\d ]*)"')


def tags_in(html: str) -> list[int]:
    """Where the elements of an HTML begin."""
    return [found.start() for found in _START_TAG.finditer(html)]


class Stretch:
    """The HTML of a stretch, a document of its own, and places in it: offsets where elements begin."""

    def __init__(self, html: str) -> None:
        self.html = html
        self._blocks: dict[int, dict[int, Node]] = {}
        """The blocks that a fragment may begin with, by the part that they stand in."""

    @property
    def end(self) -> int:
        return len(self.html)

    @cached_property
    def root(self) -> Node:
        """Its outline; blocks are put into it as they are asked for."""
        return outline_of(self.html, documents=True)

    @cached_property
    def begins(self) -> dict[int, Node]:
        """The parts that a fragment may begin with, by their offsets: documents, and divisions that hold some.

        Not where something stands after them that is no such part: it is of the division, whose fragment is past.
        """
        parts_from = {node.start: self._parts_from(node) for node in self._parts}
        return {
            node.start: node
            for node in self._parts
            if node.parent is not None
            and node.parent.tag in ("main", "section")
            and "data-elsewhere" not in node.attributes
            and all(node.start >= parts_from[outer.start] for outer in node.path[2:-1])
        }

    @cached_property
    def _parts(self) -> list[Node]:
        """All of its outline, before any blocks are put into it."""
        return list(nodes(self.root))

    @cached_property
    def _leaves(self) -> list[Node]:
        """The parts without others in them."""
        return [node for node in self._parts if not node.children]

    def places_after(self, place: int) -> Iterator[int]:
        """All places after one where a fragment may begin, in order."""
        begins = self.begins
        inside = {leaf.start: leaf for leaf in self._leaves if leaf.after > place}
        for start in sorted(inside.keys() | begins.keys()):
            if start in begins and start > place:
                yield start
            if start in inside:
                yield from (block for block in self._blocks_in(inside[start]) if block > place)

    def is_place(self, place: int) -> bool:
        """Whether a fragment may begin there, or it is the end."""
        return place == self.end or self._node_at(place) is not None

    def is_inside(self, place: int) -> bool:
        """Whether a place is inside of a part, which is in several fragments then."""
        return 0 < place < self.end and place not in self.begins

    def path_to(self, place: int) -> list[Node]:
        """The elements around what begins at a place, outermost first."""
        node = self._node_at(place)
        return node.path[:-1] if node is not None else []

    def _node_at(self, place: int) -> Node | None:
        found = self.begins.get(place)
        leaf = self._leaf_at(place) if found is None else None
        return self._blocks_in(leaf).get(place) if leaf is not None else found

    def _leaf_at(self, place: int) -> Node | None:
        """The part without others in it that goes on over a place."""
        number = bisect_right(self._leaves, place, key=lambda leaf: leaf.start) - 1
        leaf = self._leaves[number] if number >= 0 else None
        return leaf if leaf is not None and leaf.inside < place < leaf.end else None

    def _blocks_in(self, leaf: Node) -> dict[int, Node]:
        if leaf.start not in self._blocks:
            if leaf.tag in ("article", "nav", "section") and "data-elsewhere" not in leaf.attributes:
                add_blocks(self.html, leaf)
            self._blocks[leaf.start] = {
                node.start: node for node in nodes(leaf) if node is not leaf and self._is_chosen(node)
            }
        return self._blocks[leaf.start]

    def _is_chosen(self, block: Node) -> bool:
        """Whether a fragment may begin with a block.

        Of short ones not all may, or long lists would be in pieces of a page: which, only their own text says, so
        that an edit elsewhere changes none. What goes on from the block before, as a facsimile has it, never may.
        """
        if "from-break" in block.attributes:
            return False
        length = block.after - block.start
        beginning = self.html[block.start : block.start + min(length, BEGINNING)]
        return crc32(beginning.encode()) % EVERY < length

    def _path_at(self, place: int) -> list[Node]:
        """The elements that are open at a place, outermost first."""
        if (leaf := self._leaf_at(place)) is not None:
            self._blocks_in(leaf)
        return open_at(self.root, place)

    def _parts_from(self, outer: Node) -> int:
        """The offset in an element from which on there are parts in it alone."""
        end = outer.end
        for child in reversed(outer.children):
            if self.html[child.after : end].strip():
                break
            end = child.start
        return end

    def before(self, start: int) -> str:
        """What stands in a document that begins with a part before that: the elements around it and beside it."""
        return self._head + self._around(start, "").opening() if start else ""

    def from_to(self, start: int, end: int) -> str:
        """The stretch from one part to another as it is to be laid out, with nothing to tell that it goes on there."""
        closing = "".join(f"</{node.tag}>" for node in reversed(self._path_at(end))) if end < self.end else ""
        after = self.html[self.root.children[0].after :] if end < self.end else ""
        return self.before(start) + self.html[start:end] + closing + after

    def fragment(self, start: int, end: int) -> str:
        """The stretch from one part to another, as a document of its own."""
        if end == self.end:
            return self._opened(start, end) + self.html[start:]
        if not start:
            opened = until(self.html, start, end, self._path_at(end), all_siblings=False)
        else:
            self._path_at(end)  # in its outline now
            opened = self._head + self._around(start, self._heads(start, end)).fragment(end)
        return opened + self.html[self.root.children[0].after :]

    def _opened(self, start: int, end: int) -> str:
        return self._head + self._around(start, self._heads(start, end)).opening() if start else ""

    @property
    def _head(self) -> str:
        return self.html[: self.root.children[0].start]

    def _around(self, start: int, heads: str) -> Around:
        node = self._node_at(start)
        assert node is not None, "a fragment begins at one of the places"
        return Around(self.html, node, start, heads)

    def _heads(self, start: int, end: int) -> str:
        """The levels of heads above those between two places, outermost first."""
        before = _HEADS.search(self.root.children[0].attributes)
        first = map(int, before[1].split()) if before else ()
        above = after_heads(list(first), (level for place, level in self._levels if place < start))
        return heads_above(above, [level for place, level in self._levels if start <= place < end])

    @cached_property
    def _levels(self) -> list[tuple[int, int]]:
        """Where its heads are, and their levels."""
        return [(found.start(), int(found[1])) for found in HEAD.finditer(self.html)]
