"""The outline: generated parts, divisions and documents as the contents nest them; original pages on request.

Knows titles and anchors; where an anchor stands is told by `destinations`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from edition.assemble.destinations import Spot
from edition.assemble.syntax import Reference, Value
from edition.model import Document, Entry, Generated, PageBreak
from edition.resolved import ResolvedEdition
from edition.walk import walk, words

OPEN_LEVELS = 1
"""Levels of the outline that show when the file is opened."""


@dataclass(frozen=True)
class Branch:
    """A line of the outline, where it leads, and what is under it."""

    title: str
    spot: Spot | None
    branches: list[Branch] = field(default_factory=list)

    @property
    def target(self) -> Spot | None:
        """Where a click leads: its own spot, or the first under it."""
        below = (branch.target for branch in self.branches)
        return self.spot or next((spot for spot in below if spot), None)


def contents_branches(resolved: ResolvedEdition, spots: Mapping[str, Spot]) -> list[Branch]:
    """The volume's parts, divisions and documents; what has no title or is on no page is left out."""
    anchors = {id(line.entry): line.anchor for line in resolved.contents}

    def branches(entries: Iterable[Entry]) -> list[Branch]:
        found: list[Branch] = []
        for entry in entries:
            if isinstance(entry, Generated):
                # its anchor is `_KIND`, which no editor can give
                if spot := spots.get(f"_{entry.kind}"):
                    found.append(Branch(entry.heading, spot))
                continue
            below = [] if isinstance(entry, Document) else branches(entry.contents)
            title = " ".join(words(entry.title).split()) or (entry.id if isinstance(entry, Document) else "")
            branch = Branch(title, spots.get(anchors.get(id(entry), entry.id)), below)
            if title and branch.target:
                found.append(branch)
            else:
                found += below
        return found

    return branches(resolved.edition.contents)


def original_page_branches(resolved: ResolvedEdition, spots: Mapping[str, Spot]) -> list[Branch]:
    """The original pages in reading order, each where it is first said to begin."""
    pages: dict[str, str] = {}  # anchor → number
    for document in resolved.edition.documents:
        if document.start_page and (start := resolved.starts.get(document.id)):
            pages.setdefault(start, str(document.start_page))
        for _, node in walk(document):
            if isinstance(node, PageBreak):
                pages.setdefault(node.anchor, str(node.page))
    return [Branch(number, spots[anchor]) for anchor, number in pages.items() if anchor in spots]


def outline(
    branches: Sequence[Branch], pages: Sequence[int], number: int
) -> Iterator[tuple[int, dict[str, Value]]]:
    """The objects of an outline, its root as object `number`; `pages` are the numbers of the pages' objects."""
    root: dict[str, Value] = {}
    lines = list(_level(branches, pages, number, number + 1, 1, root))
    yield number, root
    yield from lines


def _level(
    branches: Sequence[Branch], pages: Sequence[int], parent: int, first: int, level: int, above: dict[str, Value]
) -> Iterator[tuple[int, dict[str, Value]]]:
    """The lines of a level, those below each after it; tells the line above what it has under it."""
    shown, number, before = len(branches), first, 0
    lines: list[dict[str, Value]] = []
    for branch in branches:
        line: dict[str, Value] = {"Title": branch.title, "Parent": Reference(parent)}
        if branch.target:
            line["Dest"] = branch.target.array(pages)
        if before:
            line["Prev"] = Reference(before)
            lines[-1]["Next"] = Reference(number)
        lines.append(line)
        below = (
            list(_level(branch.branches, pages, number, number + 1, level + 1, line)) if branch.branches else []
        )
        if branch.branches:
            count = line["Count"]
            assert isinstance(count, int)
            opened = level < OPEN_LEVELS
            line["Count"] = count if opened else -count
            shown += count if opened else 0
        yield number, line
        yield from below
        before, number = number, number + 1 + len(below)
    above |= {"First": Reference(first), "Last": Reference(before), "Count": shown}
