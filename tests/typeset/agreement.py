"""Whether a book in fragments is what one run of the engine makes of it: page by page, from both finished files."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import Any

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
    return list(_differences(resolved, whole, parts, look_at))


def _differences(
    resolved: ResolvedEdition, whole: PagedEdition, parts: PagedEdition, look_at: int
) -> Iterator[str]:
    for one, other in zip_longest(whole.pages, parts.pages):
        for name in OF_A_PAGE:
            mine, theirs = getattr(one, name, None), getattr(other, name, None)
            if mine != theirs:
                yield f"page {one and one.folio}: {name} {mine!r} {theirs!r}"
    yield from _unlike("anchor", *map(_anchors, (whole, parts)))
    files = [assemble(resolved, paged) for paged in (whole, parts)]
    for number, (drawn, its) in enumerate(zip_longest(*map(_drawn, files))):
        if drawn != its:
            lost, added = sorted(set(drawn or ()) - set(its or ())), sorted(set(its or ()) - set(drawn or ()))
            yield f"page {number}: drawn {lost[:3]} {added[:3]}"
    for number, (picture, its_picture) in enumerate(zip_longest(*(_pictures(file, look_at) for file in files))):
        if picture != its_picture:
            yield f"page {number * look_at}: looks otherwise"
    yield from _unlike("link", *map(_links, files))
    yield from _unlike("destination", *map(_destinations, files))
    yield from _unlike("outline", *map(_outline, files))
    tree, its_tree = (str(StructureTree(content).document) for content in files)
    if tree != its_tree:
        shorter = min(len(tree), len(its_tree))
        at = next((i for i in range(shorter) if tree[i] != its_tree[i]), shorter)
        yield f"structure {tree[max(0, at - 40) : at + 60]!r} {its_tree[max(0, at - 40) : at + 60]!r}"


def _unlike(kind: str, one: dict[Any, Any], other: dict[Any, Any]) -> Iterator[str]:
    for name in one | other:
        if one.get(name) != other.get(name):
            yield f"{kind} {name}: {one.get(name)} {other.get(name)}"


def _anchors(paged: PagedEdition) -> dict[str, tuple[int, float, float]]:
    """Where each anchor begins."""
    found: dict[str, tuple[int, float, float]] = {}
    for page in paged.pages:
        for name, (x, y) in page.anchors.items():
            found.setdefault(name, (page.index, round(x, 2), round(y, 2)))
    return found


def _drawn(content: bytes) -> list[list[Any]]:
    """By page every piece of text with its place."""
    return [
        sorted((piece.text, round(piece.x, 2), round(piece.y, 2), round(piece.size, 2)) for piece in page.pieces)
        for page in read_pages(content)
    ]


def _pictures(content: bytes, step: int) -> Iterator[bytes]:
    """Every so many pages as they look, small."""
    pdf = pypdfium2.PdfDocument(content)
    for index in range(0, len(pdf), step):
        yield pdf[index].render(scale=0.5).to_pil().tobytes()


def _links(content: bytes) -> dict[tuple[Any, ...], str]:
    """Where every link leads, by its page and its corners."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return {
            (index, tuple(round(float(x), 1) for x in link.Rect)): str(
                link.get("/Dest", link.get("/A", {}).get("/URI"))
            )
            for index, page in enumerate(pdf.pages)
            for link in page.get("/Annots", ())
        }


def _destinations(content: bytes) -> dict[str, tuple[Any, ...]]:
    """By name the page of a destination, from 0, and its place there."""
    with pikepdf.open(BytesIO(content)) as pdf:
        numbers = {page.objgen: index for index, page in enumerate(pdf.pages)}
        return {
            name: (numbers[place[0].objgen], *(round(float(x), 1) for x in list(place)[2:4]))
            for name, place in pikepdf.NameTree(pdf.Root.Names.Dests).items()
        }


def _outline(content: bytes) -> dict[int, tuple[int, str, str]]:
    """The bookmarks in their order: level, title, where they lead."""
    with pikepdf.open(BytesIO(content)) as pdf:
        numbers = {page.objgen: index for index, page in enumerate(pdf.pages)}
        found: list[tuple[int, str, str]] = []

        def look(item: Any, level: int) -> None:
            while item is not None:
                place = item.get("/Dest")
                leads = [numbers[place[0].objgen], *map(str, list(place)[1:])] if place is not None else ""
                found.append((level, str(item.Title), str(leads)))
                look(item.get("/First"), level + 1)
                item = item.get("/Next")

        look(pdf.Root.get("/Outlines", {}).get("/First"), 0)
        return dict(enumerate(found))
