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
from edition.model import Edition
from edition.pages import PagedEdition
from edition.proof.reader import read_pages
from edition.render import render
from edition.resolve import depends_on_pages, resolve
from edition.resolved import ResolvedEdition
from edition.styles import Style
from edition.typeset import typeset, typeset_whole
from tests.structure_tree import StructureTree


def differences(edition: Edition, style: Style, folder: Path) -> list[str]:
    """What is not alike in the two; nothing if the book in fragments is as it should be."""
    resolved = resolve(edition)
    if depends_on_pages(edition):
        resolved = resolve(edition, paged=typeset(render(resolved), style, folder))
    html = render(resolved)
    whole, parts = (make(html, style, folder) for make in (typeset_whole, typeset))
    return list(_differences(resolved, whole, parts))


def _differences(resolved: ResolvedEdition, whole: PagedEdition, parts: PagedEdition) -> Iterator[str]:
    files = [assemble(resolved, paged) for paged in (whole, parts)]
    for one, other in zip_longest(whole.pages, parts.pages):
        for name in ("folio", "side", "blank", "name", "opens_with", "calls", "notes", "notes_in_text", "turned"):
            mine, theirs = getattr(one, name, None), getattr(other, name, None)
            if mine != theirs:
                yield f"page {one and one.folio}: {name} {mine!r} {theirs!r}"
    anchors, their_anchors = (_anchors(paged) for paged in (whole, parts))
    for name in sorted({*anchors, *their_anchors}):
        if anchors.get(name) != their_anchors.get(name):
            yield f"anchor {name}: {anchors.get(name)} {their_anchors.get(name)}"
    for number, (mine, theirs) in enumerate(zip_longest(*map(_drawn, files))):
        if mine != theirs:
            lost, added = sorted(set(mine or ()) - set(theirs or ())), sorted(set(theirs or ()) - set(mine or ()))
            yield f"page {number}: drawn {lost[:3]} {added[:3]}"
    for number, (mine, theirs) in enumerate(zip_longest(*map(_pictures, files))):
        if mine != theirs:
            yield f"page {number}: looks otherwise"
    one, other = (_links(content) for content in files)
    yield from (f"link {link}" for link in sorted(set(one) ^ set(other)))
    trees = [str(StructureTree(content).document) for content in files]
    if trees[0] != trees[1]:
        at = next(i for i, (a, b) in enumerate(zip(*trees, strict=False)) if a != b)
        yield f"structure {trees[0][at - 40 : at + 60]!r} {trees[1][at - 40 : at + 60]!r}"


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


def _pictures(content: bytes) -> Iterator[bytes]:
    """Every page as it looks, small."""
    for page in pypdfium2.PdfDocument(content):
        yield page.render(scale=0.5).to_pil().tobytes()


def _links(content: bytes) -> list[tuple[Any, ...]]:
    """Every link: its page, its corners, where it leads."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return [
            (
                index,
                tuple(round(float(x), 1) for x in link.Rect),
                str(link.get("/Dest", link.get("/A", {}).get("/URI"))),
            )
            for index, page in enumerate(pdf.pages)
            for link in page.get("/Annots", ())
        ]
