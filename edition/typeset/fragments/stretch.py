"""A stretch of the book, from one place where every style's pages must end to the next, and the fragments in it.

A stretch is laid out as a whole and kept as fragments: one ends where a page happens to end before a document. What
a fragment looks like is decided by its own HTML and by what the engine saw of what comes next, so that fragments of
a stretch that was edited are found again up to the edit, and from the next one on that begins a page as it did
before. Knows the elements that the templates make, and nothing of CSS.
"""

from __future__ import annotations

import re
from functools import cached_property

from edition.typeset.fragments.outline import (
    HEAD,
    Around,
    Node,
    after_heads,
    heads_above,
    nodes,
    open_at,
    outline_of,
    until,
)

_HEADS = re.compile(r'\sdata-heads="([\d ]*)"')


class Stretch:
    """The HTML of a stretch, a document of its own, and places in it: offsets where elements begin."""

    def __init__(self, html: str) -> None:
        self.html = html

    @property
    def end(self) -> int:
        return len(self.html)

    @cached_property
    def root(self) -> Node:
        return outline_of(self.html, documents=True)

    @cached_property
    def begins(self) -> dict[int, Node]:
        """The parts that a fragment may begin with, by their offsets: documents, and divisions that hold some.

        Not where something stands after them that is no such part: it is of the division, whose fragment is past.
        """
        parts_from = {node.start: self._parts_from(node) for node in nodes(self.root) if node.children}
        return {
            node.start: node
            for node in nodes(self.root)
            if node.parent is not None
            and node.parent.tag in ("main", "section")
            and "data-elsewhere" not in node.attributes
            and all(node.start >= parts_from[outer.start] for outer in node.path[2:-1])
        }

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
        closing = "".join(f"</{node.tag}>" for node in reversed(open_at(self.root, end))) if end < self.end else ""
        after = self.html[self.root.children[0].after :] if end < self.end else ""
        return self.before(start) + self.html[start:end] + closing + after

    def fragment(self, start: int, end: int) -> str:
        """The stretch from one part to another, as a document of its own."""
        if end == self.end:
            return self._opened(start, end) + self.html[start:]
        if not start:
            opened = until(self.html, start, end, open_at(self.root, end), all_siblings=False)
        else:
            opened = self._head + self._around(start, self._heads(start, end)).fragment(end)
        return opened + self.html[self.root.children[0].after :]

    def _opened(self, start: int, end: int) -> str:
        return self._head + self._around(start, self._heads(start, end)).opening() if start else ""

    @property
    def _head(self) -> str:
        return self.html[: self.root.children[0].start]

    def _around(self, start: int, heads: str) -> Around:
        return Around(self.html, self.begins[start], start, heads)

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
