"""What moved between two books: documents, divisions, notes and original pages that begin on other pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from edition.proof.book import PrintedBook
from edition.proof.comparison.texts import Texts
from edition.proof.streams import Key

MovedKind = Literal["document", "division", "generated", "note", "original page"]
ORIGINAL_PAGE = "page-"
"""How the names of original pages begin."""


@dataclass(frozen=True, slots=True)
class Move:
    """Something that begins on another page than before."""

    kind: MovedKind
    id: str
    old: str
    """Folios."""
    new: str
    by: int
    """How many pages later; negative if earlier."""

    @property
    def name(self) -> str:
        return f"{self.kind} {self.id}"


def moves(texts: Texts, old: PrintedBook, new: PrintedBook) -> list[Move]:
    """All that moved, in the order of the new book, original pages last."""
    found = []
    for key, (one, other) in texts.pairs.items():
        if not one.words or not other.words or (key.kind == "generated" and not key.id):
            continue
        before, after = one.words[0][0].page, other.words[0][0].page
        if _has_moved(before, after, old, new):
            found.append((after, Move(key.kind, key.id, old.folio(before), new.folio(after), after - before)))
    found.sort(key=lambda pair: pair[0])
    return [move for _, move in found] + list(_original_pages(old, new))


def _original_pages(old: PrintedBook, new: PrintedBook) -> Iterator[Move]:
    spots = sorted((spot, name) for name, spot in new.spots.items() if name.startswith(ORIGINAL_PAGE))
    for spot, name in spots:
        before = old.spots.get(name)
        if before is not None and _has_moved(before.page, spot.page, old, new):
            number = name.removeprefix(ORIGINAL_PAGE)
            folios = old.folio(before.page), new.folio(spot.page)
            yield Move("original page", number, *folios, spot.page - before.page)


def _has_moved(before: int, after: int, old: PrintedBook, new: PrintedBook) -> bool:
    """Whether a page is another one for a reader: by its folio, which front matter may keep."""
    return old.folio(before) != new.folio(after)


def runs(found: Sequence[Move]) -> Iterator[list[Move]]:
    """Moves of one kind, by the same number of pages, one after the other; notes go with their text."""
    for kind in ("document", "division", "generated", "original page"):
        of_kind = [move for move in found if move.kind == kind]
        for _, group in groupby(of_kind, lambda move: move.by):
            yield list(group)


def order_of(texts: Texts) -> list[tuple[Key, Key]]:
    """Documents that no longer stand in the order in which they stood: each with the one that is now before it."""
    pairs = [(one, other) for key, (one, other) in texts.pairs.items() if key.kind == "document"]
    pairs = [(one, other) for one, other in pairs if one.words and other.words]

    def spot(atoms: object) -> tuple[int, int]:
        line = atoms.words[0][0]  # type: ignore[attr-defined]
        return line.page, line.number

    before = {other.key: number for number, (_, other) in enumerate(sorted(pairs, key=lambda pair: spot(pair[0])))}
    after = [other.key for _, other in sorted(pairs, key=lambda pair: spot(pair[1]))]
    return [(here, last) for last, here in pairwise(after) if before[here] < before[last]]
