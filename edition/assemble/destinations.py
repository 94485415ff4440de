"""Named destinations: every anchor of the pages under its id, so that `volume.pdf#page-404` opens there.

The engine names only what is linked to; here the names are written anew from the pages. Names are ASCII, as
readers differ in how they compare others: what is beyond it is written as in a web address, `page-%C2%BD`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import quote

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from edition.pages import Page

LEAF = 64
"""Names in a leaf of a name tree."""


class Spot(NamedTuple):
    """A point on a page, in points from the bottom left corner as PDF has it; the page's index from 0."""

    page: int
    left: float
    top: float

    def array(self, pdf: pikepdf.Pdf) -> Array:
        """The destination that shows this point at the window's top left, at the present zoom."""
        page = pdf.pages[self.page].obj
        return Array([page, Name.XYZ, round(self.left, 3), round(self.top, 3), None])


def destinations(pages: Sequence[Page]) -> dict[str, Spot]:
    """Where each anchor stands; of one that stands on several pages, where it begins."""
    spots: dict[str, Spot] = {}
    for page in pages:
        for anchor, (x, y) in page.anchors.items():
            spots.setdefault(anchor, Spot(page.index, x, page.height - y))
    return spots


def name_tree(pdf: pikepdf.Pdf, entries: Mapping[str, Spot] | Mapping[str, pikepdf.Object]) -> pikepdf.Object:
    """A name tree: names in order, in leaves under one root (ISO 32000-1, 7.9.6)."""
    named = sorted(((ascii_name(name), entry) for name, entry in entries.items()), key=itemgetter(0))
    leaves = [_leaf(pdf, named[start : start + LEAF]) for start in range(0, len(named), LEAF)]
    if len(leaves) == 1:
        del leaves[0].Limits  # a root has none
        return pdf.make_indirect(leaves[0])
    return pdf.make_indirect(Dictionary(Kids=Array([pdf.make_indirect(leaf) for leaf in leaves])))


def ascii_name(name: str) -> str:
    """A name as it stands in a name tree."""
    return "".join(char if char.isascii() else quote(char) for char in name)


def rename_links(pdf: pikepdf.Pdf) -> None:
    """Let links beyond ASCII lead to names in ASCII."""
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", Array()):
            target = annotation.get("/Dest")
            if isinstance(target, String) and not str(target).isascii():
                annotation.Dest = String(ascii_name(str(target)))


def _leaf(pdf: pikepdf.Pdf, named: Sequence[tuple[str, Spot | pikepdf.Object]]) -> Dictionary:
    names = Array()
    for name, entry in named:
        names.append(String(name))
        names.append(entry.array(pdf) if isinstance(entry, Spot) else entry)
    return Dictionary(Limits=Array([String(named[0][0]), String(named[-1][0])]), Names=names)
