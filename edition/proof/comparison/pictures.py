"""Pictures of two books' pages side by side and upon each other, changed words marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from edition.proof.comparison import Compared
from edition.proof.pictures import NEW, OLD, Pictures, boxes_on, overlay, png

DPI = 110


@dataclass(frozen=True, slots=True)
class PagePictures:
    """The names of the pictures of a pair of pages; empty where there is none."""

    old: str = ""
    new: str = ""
    overlay: str = ""


PagePair = tuple[int | None, int | None]
"""An old page and the new one, from 0."""


def pairs_of(compared: Compared, look: bool) -> list[PagePair]:
    """The pairs of pages to be shown: those with changed words, and with `look` all that are drawn otherwise."""
    pairs: list[PagePair] = list(compared.changed_pages)
    if look:
        shown = {new for _, new in pairs}
        different = set(compared.look_different)
        pairs += [pair for pair in compared.pages if pair[1] in different and pair[1] not in shown]
    return sorted(pairs, key=lambda pair: pair[1] if pair[1] is not None else pair[0] or 0)


def pictures_of(
    compared: Compared, look: bool = False
) -> Iterator[tuple[PagePair, PagePictures, dict[str, bytes]]]:
    """For each pair of pages the names of its pictures, and the pictures by their names."""
    old, new = Pictures(compared.old.content), Pictures(compared.new.content)
    try:
        for pair in pairs_of(compared, look):
            yield pair, *_of_pair(compared, pair, old, new)
    finally:
        old.close()
        new.close()


def _of_pair(
    compared: Compared, pair: PagePair, old: Pictures, new: Pictures
) -> tuple[PagePictures, dict[str, bytes]]:
    before, after = pair
    changes = [
        change
        for change in compared.changes
        if (change.old.page if change.old else None, change.new.page if change.new else None) == pair
    ]
    files: dict[str, bytes] = {}
    names = dict.fromkeys(("old", "new", "overlay"), "")
    stem = f"p{(after if after is not None else before or 0) + 1:04}"
    if before is not None and after is not None and before != after:
        stem += f"-from-{before + 1:04}"
    elif after is None:
        stem += "-gone"
    if before is not None:
        boxes = [box for change in changes if change.old for box in boxes_on(before, change.old.boxes)]
        names["old"] = f"{stem}-old.png"
        files[names["old"]] = png(old.marked(before, boxes, DPI, OLD, struck=True))
    if after is not None:
        boxes = [box for change in changes if change.new for box in boxes_on(after, change.new.boxes)]
        names["new"] = f"{stem}-new.png"
        files[names["new"]] = png(new.marked(after, boxes, DPI, NEW, struck=False))
    if before is not None and after is not None:
        names["overlay"] = f"{stem}-overlay.png"
        files[names["overlay"]] = png(overlay(old.page(before, DPI), new.page(after, DPI)))
    return PagePictures(**names), files
