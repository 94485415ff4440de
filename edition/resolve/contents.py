"""The contents of a volume in order: its lines, and where each document stands among the divisions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from edition.model import Division, Document, Edition, Entry, Generated, GeneratedKind
from edition.resolved import ContentsLine


class PlacedDocument(NamedTuple):
    """A document, or the head of a division as one, and the number of the division that notes restart in.

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
        ContentsLine(len(around) + 1, anchor_of(entry, number), entry)
        for entry, around, number in _entries(edition)
    )


def placed_documents(edition: Edition) -> Iterator[PlacedDocument]:
    """All documents and heads of divisions in the order of the contents."""
    for entry, around, number in _entries(edition):
        inside = around if isinstance(entry, Document) else (*around, (number, entry))
        chapters = [number for number, division in inside if division.kind == "chapter"]
        restarts_in = chapters[-1] if chapters else inside[0][0] if inside else 0
        document = entry if isinstance(entry, Document) else entry.head(anchor_of(entry, number))
        yield PlacedDocument(document, restarts_in)


def anchor_of(entry: Division | Document, number: int) -> str:
    """The anchor of a document or of the division of that number."""
    return entry.id or f"div-{number}"


def generated_kinds(edition: Edition) -> frozenset[GeneratedKind]:
    """The parts of the book that the builder makes."""
    kinds: set[GeneratedKind] = set()
    levels = [iter(edition.contents)]
    while levels:
        entry = next(levels[-1], None)
        if entry is None:
            levels.pop()
        elif isinstance(entry, Division):
            levels.append(iter(entry.contents))
        elif isinstance(entry, Generated):
            kinds.add(entry.kind)
    return frozenset(kinds)
