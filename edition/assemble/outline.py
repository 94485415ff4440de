"""The outline: generated parts, divisions and documents as the contents nest them; original pages on request.

Knows titles and anchors; where an anchor stands is told by `destinations`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Dictionary, String

from edition.assemble.destinations import Spot
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


def add_outline(pdf: pikepdf.Pdf, branches: Sequence[Branch]) -> None:
    """Write the outline; it replaces the one that the engine made of heads."""
    if "/Outlines" in pdf.Root:
        del pdf.Root.Outlines
    if branches:
        pdf.Root.Outlines = root = pdf.make_indirect(Dictionary())
        root.Count = _add_level(pdf, root, branches, level=1)


def _add_level(pdf: pikepdf.Pdf, parent: pikepdf.Object, branches: Sequence[Branch], level: int) -> int:
    """Write branches under a parent; returns how many lines show when the parent is open."""
    shown = len(branches)
    before: pikepdf.Object | None = None
    for branch in branches:
        line = pdf.make_indirect(Dictionary(Title=String(branch.title), Parent=parent))
        if branch.target:
            line.Dest = branch.target.array(pdf)
        if before is None:
            parent.First = line
        else:
            before.Next, line.Prev = line, before
        if branch.branches:
            below = _add_level(pdf, line, branch.branches, level + 1)
            opened = level < OPEN_LEVELS
            line.Count = below if opened else -below
            shown += below if opened else 0
        before = line
    parent.Last = before
    return shown
