"""Whether a book in fragments is what one run of the engine makes of it: page by page, from both finished files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
import pypdfium2

from edition.assemble import assemble
from edition.cache import Memory
from edition.model import Edition
from edition.pages import PagedEdition
from edition.proof.reader import read_pages
from edition.render import render
from edition.resolve import depends_on_pages, resolve
from edition.resolved import ResolvedEdition
from edition.styles import Style
from edition.typeset import Typesetting, typeset_whole
from tests.structure_tree import StructureTree

OF_A_PAGE = ("folio", "side", "blank", "name", "opens_with", "calls", "notes", "notes_in_text", "turned")
"""What the stages after typesetting are told of a page; its anchors are compared apart."""
DIGITS = 2
"""To which places are rounded, in points."""


class Spot(NamedTuple):
    """Something that stands somewhere: its words or name, and its numbers."""

    what: str
    where: tuple[float, ...]


def differences(edition: Edition, style: Style, folder: Path, *, jobs: int = 1, look_at: int = 1) -> list[str]:
    """What is not alike in the two; nothing if the book in fragments is as it should be.

    Every page is compared by what it says and where, its furniture included, by its links, destinations and structure;
    of every `look_at`th also the picture.
    """
    resolved = resolve(edition)
    with Typesetting(style, folder, Memory(), jobs) as setting:
        parts = setting.pages_of(render(resolved))
        if depends_on_pages(edition):
            resolved = resolve(edition, paged=parts)
            parts = setting.pages_of(render(resolved))
    whole = typeset_whole(render(resolved), style, folder)
    return list(unlike_books(resolved, whole, parts, look_at))


def unlike_books(
    resolved: ResolvedEdition, whole: PagedEdition, parts: PagedEdition, look_at: int = 1
) -> Iterator[str]:
    """What is not alike in two makings of one book."""
    for one, other in zip_longest(whole.pages, parts.pages):
        for name in OF_A_PAGE:
            mine, theirs = getattr(one, name, None), getattr(other, name, None)
            if mine != theirs:
                yield f"page {one and one.folio}: {name} {mine!r} {theirs!r}"
    yield from _told("anchors", _anchors(whole), _anchors(parts))
    files = [assemble(resolved, paged) for paged in (whole, parts)]
    for number, (drawn, its) in enumerate(zip_longest(*map(_drawn, files), fillvalue=[])):
        yield from _told(f"page {number}: drawn", drawn, its)
    for number, (picture, its_picture) in enumerate(zip_longest(*(_pictures(file, look_at) for file in files))):
        if picture != its_picture:
            yield f"page {number * look_at}: looks otherwise"
    for kind, read in (("links", _links), ("destinations", _destinations), ("outline", _outline)):
        yield from _told(kind, *map(read, files))
    tree, its_tree = (str(StructureTree(content).document) for content in files)
    if tree != its_tree:
        shorter = min(len(tree), len(its_tree))
        at = next((i for i in range(shorter) if tree[i] != its_tree[i]), shorter)
        yield f"structure {tree[max(0, at - 40) : at + 60]!r} {its_tree[max(0, at - 40) : at + 60]!r}"


def _told(kind: str, one: Iterable[Spot], other: Iterable[Spot]) -> Iterator[str]:
    lost, added = unlike(one, other)
    if lost or added:
        yield f"{kind} {lost[:3]} {added[:3]}"


def unlike(one: Iterable[Spot], other: Iterable[Spot]) -> tuple[list[Spot], list[Spot]]:
    """What only the one and what only the other has. A last digit may be rounded up in one and down in the other."""
    counts, others = Counter(one), Counter(other)
    lost, added = sorted((counts - others).elements()), sorted((others - counts).elements())
    for spot in tuple(lost):
        its = next((it for it in added if it.what == spot.what and _are_near(it.where, spot.where)), None)
        if its is not None:
            lost.remove(spot)
            added.remove(its)
    return lost, added


def _are_near(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return len(one) == len(other) and all(abs(a - b) < 1.5 * 10**-DIGITS for a, b in zip(one, other, strict=True))


def _spot(what: str, *numbers: Any) -> Spot:
    return Spot(what, tuple(round(float(number), DIGITS) for number in numbers))


def _anchors(paged: PagedEdition) -> list[Spot]:
    """Where each anchor begins, as the other stages are told."""
    found: dict[str, Spot] = {}
    for page in paged.pages:
        for name, place in page.anchors.items():
            found.setdefault(name, _spot(f"{name} on {page.index}", *place))
    return list(found.values())


def _drawn(content: bytes) -> list[list[Spot]]:
    """By page every piece of text with its place and its size."""
    return [
        [_spot(piece.text, piece.x, piece.y, piece.size) for piece in page.pieces] for page in read_pages(content)
    ]


def _pictures(content: bytes, step: int) -> Iterator[bytes]:
    """Every so many pages as they look, small."""
    pdf = pypdfium2.PdfDocument(content)
    for index in range(0, len(pdf), step):
        yield pdf[index].render(scale=0.5).to_pil().tobytes()


def _links(content: bytes) -> list[Spot]:
    """Every link: its page and where it leads, its corners."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return [
            _spot(f"{index} to {link.get('/Dest', link.get('/A', {}).get('/URI'))}", *link.Rect)
            for index, page in enumerate(pdf.pages)
            for link in page.get("/Annots", ())
        ]


def _destinations(content: bytes) -> list[Spot]:
    """Every destination that has a name: its page, its place there."""
    with pikepdf.open(BytesIO(content)) as pdf:
        if "/Dests" not in pdf.Root.get("/Names", {}):
            return []
        numbers = {page.objgen: index for index, page in enumerate(pdf.pages)}
        return [
            _spot(f"{name} on {numbers[place[0].objgen]}", *list(place)[2:4])
            for name, place in pikepdf.NameTree(pdf.Root.Names.Dests).items()
        ]


def _outline(content: bytes) -> list[Spot]:
    """The bookmarks in their order: number, title, page, then level and place."""
    with pikepdf.open(BytesIO(content)) as pdf:
        numbers = {page.objgen: index for index, page in enumerate(pdf.pages)}
        found: list[Spot] = []

        def look(item: Any, level: int) -> None:
            while item is not None:
                page, _, *place = item.get("/Dest") or (None, None)
                on = None if page is None else numbers[page.objgen]
                found.append(_spot(f"{len(found)} {item.Title} on {on}", level, *place[:2]))
                look(item.get("/First"), level + 1)
                item = item.get("/Next")

        look(pdf.Root.get("/Outlines", {}).get("/First"), 0)
        return found
