"""The contents of a volume in order: its lines, and where each document stands among the divisions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from edition.model import ContentsLine, Division, Document, Edition, Entry, Generated


class PlacedDocument(NamedTuple):
    """A document and the number of the division that notes restart in.

    That is the innermost chapter around it; where it is under none, the outermost division; 0 where it is
    under no division at all. Divisions are numbered from 1 in the order of the contents.
    """

    document: Document
    chapter: int


_Around: TypeAlias = tuple[tuple[int, Division], ...]


class _Entered(NamedTuple):
    """An entry of the contents with the divisions around it, each with its number, outermost first."""

    entry: Division | Document
    around: _Around
    number: int
    """Its own number if it is a division."""


def _entries(edition: Edition) -> Iterator[_Entered]:
    divisions = 0
    levels: list[tuple[Iterator[Entry], _Around]] = [(iter(edition.contents), ())]
    while levels:
        entries, around = levels[-1]
        entry = next(entries, None)
        if entry is None:
            levels.pop()
        elif isinstance(entry, Division):
            divisions += 1
            yield _Entered(entry, around, divisions)
            levels.append((iter(entry.contents), (*around, (divisions, entry))))
        elif isinstance(entry, Document):
            yield _Entered(entry, around, 0)


def contents_lines(edition: Edition) -> tuple[ContentsLine, ...]:
    """A line for each division and document, in order. A division without an id is anchored at `div-N`."""
    return tuple(
        ContentsLine(len(around) + 1, entry.id or f"div-{number}", entry)
        for entry, around, number in _entries(edition)
    )


def placed_documents(edition: Edition) -> Iterator[PlacedDocument]:
    """All documents in the order of the contents."""
    for entry, around, _ in _entries(edition):
        if isinstance(entry, Document):
            chapters = [number for number, division in around if division.kind == "chapter"]
            outermost = around[0][0] if around else 0
            yield PlacedDocument(entry, chapters[-1] if chapters else outermost)


def generates(edition: Edition, kind: str) -> bool:
    """Whether the builder makes this part of the book."""
    levels = [iter(edition.contents)]
    while levels:
        entry = next(levels[-1], None)
        if entry is None:
            levels.pop()
        elif isinstance(entry, Division):
            levels.append(iter(entry.contents))
        elif isinstance(entry, Generated) and entry.kind == kind:
            return True
    return False
