"""A book proven by parts: as it is proven whole, cheaply again, and never by what is not in the file."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from io import BytesIO

import pikepdf
import pytest

from edition.findings import Finding
from edition.proof import Kept, Proof, prove
from edition.proof.part_proof import PartProof
from edition.proof.places import read_places
from tests.proof.by_parts import in_parts
from tests.proof.planting import Book, lay_out, resolved_edition, sound


@cache
def divided(shift: float = 0.0) -> Book:
    """The sound edition by parts."""
    return parted(sound(), shift)


def parted(book: Book, shift: float = 0.0) -> Book:
    paged, pdf = in_parts(book.paged, book.pdf, shift)
    return replace(book, paged=paged, pdf=pdf)


def proven(book: Book, pdf: bytes | None = None, kept: Kept | None = None) -> Proof:
    names = {source.path: source.path.removeprefix(f"{book.folder}/") for source in book.sources}
    families = [family.name for family in book.style.families]
    content = book.pdf if pdf is None else pdf
    return prove(
        book.resolved, book.paged, content, families=families, sources=book.sources, names=names, kept=kept
    )


def told(proof: Proof) -> list[str]:
    return sorted(str(replace(finding, hint=None)) for finding in proof.findings)


def test_the_edition_has_parts() -> None:
    assert len(divided().paged.parts) > 3


@pytest.mark.parametrize("shift", [0.0, 6.5])
def test_by_parts_all_is_found_as_in_the_whole(shift: float) -> None:
    whole, by_parts = proven(sound()), proven(divided(shift))
    assert told(by_parts) == told(whole) == []
    assert (by_parts.words, by_parts.notes, by_parts.page_breaks) == (whole.words, whole.notes, whole.page_breaks)
    ours, theirs = read_places(by_parts.places), read_places(whole.places)
    for own, page in zip(ours.pages, theirs.pages, strict=True):
        assert [places_of(ours, row) for row in own] == [places_of(theirs, row) for row in page]


def places_of(places: object, row: tuple[object, ...]) -> object:
    return row
