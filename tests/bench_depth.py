"""Facing pages of equal depth: how many are, in a chapter of each sample volume, and why the others are not.

`python -m tests.bench_depth`: as pages come, with spaces and paragraphs left as they are for it, and as we make them.
Where notes stand at the foot of a page, it is full; of others the last line counts. Pages that a forced break ends are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from edition import manuscript, pipeline
from edition.model import StyleChoice
from edition.render import render
from edition.resolve import resolve
from edition.styles import load_style
from edition.typeset import depth, typeset_whole
from edition.typeset.lines import page_ends
from edition.typeset.notes import flow
from tests.volume_parts import CORPUS, Cut, cut

PARTS = {
    "frus1872p2v5": ("chapter2", "chapter6"),
    "frus1897": ("ch65",),
    "frus1918Russiav03": ("ch1",),
    "frus1934v05": ("ch1",),
}
STYLES = ("reading", "frus")
NEAR = 0.02
"""In lines."""


@dataclass(frozen=True)
class Foot:
    """How a page ends."""

    side: str
    goes_on: bool
    """Whether nothing but its length ended it."""
    missing: float
    """Lines at its foot; 0 where notes stand there."""
    begins: str
    """What the page begins with."""


@contextmanager
def as_pages_come() -> Iterator[None]:
    """No paragraph is changed for the depth of its page only."""
    dearest, page_ends.DEAREST_FOR_DEPTH = page_ends.DEAREST_FOR_DEPTH, page_ends.DEAREST_FOR_LINE
    try:
        yield
    finally:
        page_ends.DEAREST_FOR_DEPTH = dearest


def feet(folder: Path, style_name: str, stretch: str) -> list[Foot]:
    """Of each page of an edition."""
    choice = StyleChoice(style_name, (("depth-stretch", stretch),))
    edition = replace(manuscript.load(folder)[0], style=choice)
    found: dict[int, Foot] = {}
    make_page = flow._make_page

    def watch(context: Any, root: Any, html: Any, index: int, *rest: Any) -> Any:
        made = make_page(context, root, html, index, *rest)
        page, resume, _ = made
        goes_on = resume is not None and context.page_maker[index + 1][1]["break"] == "any"
        found[index] = _foot(context.foot, page.page_type.side, goes_on)
        return made

    flow._make_page = watch
    try:
        paged = typeset_whole(render(resolve(edition)), load_style(choice, folder), folder)
    finally:
        flow._make_page = make_page
    return [found[index] for index in range(len(paged.pages))]


def _foot(foot: Any, side: str, goes_on: bool) -> Foot:
    step = depth._step(foot.text) if foot.text is not None else 0.0
    missing = 0.0
    if step and not foot.height:
        missing = max(0.0, (foot.bottom - depth._extent(foot.text).bottom) / step)
    return Foot(side, goes_on, missing, _beginning(foot.text))


def _beginning(box: Any) -> str:
    """What stands first in a page's text."""
    tags = []
    while box is not None and getattr(box, "children", None):
        tags.append(str(box.element_tag))
        box = next((child for child in box.children if depth._extent(child) != depth.NOTHING), None)
    if {"header", "h1", "h2", "h3", "h4", "h5", "h6"} & set(tags):
        return "a head"
    return "a row or an item" if {"tr", "li"} & set(tags) else "a paragraph"


def main() -> None:
    print("for each part two rows: pages as they come, and ours")
    print("style     volume               pages  facing  unequal  by more than 2 lines")
    for style in STYLES:
        for name, ids in PARTS.items():
            if not (CORPUS / f"{name}.xml").is_file():
                continue
            with TemporaryDirectory() as folder:
                source = Path(folder) / "part.xml"
                source.write_bytes(cut(name, *map(Cut, ids)))
                pipeline.import_tei(source, Path(folder) / "edition")
                with as_pages_come():
                    before = feet(Path(folder) / "edition", style, "0")
                for pages in (before, feet(Path(folder) / "edition", style, "1")):
                    _tell(style, name, pages)


def _tell(style: str, name: str, pages: list[Foot]) -> None:
    facing = [pair for pair in pairwise(pages) if pair[0].side == "left" and all(page.goes_on for page in pair)]
    differ = [abs(one.missing - two.missing) for one, two in facing]
    short = [at for at, page in enumerate(pages) if page.goes_on and page.missing > NEAR]
    why = Counter(pages[at + 1].begins for at in short)
    lines = sum(pages[at].missing for at in short) / len(pages)
    print(
        f"{style:9} {name:20} {len(pages):5} {len(facing):7} {sum(by > NEAR for by in differ):8} "
        f"{sum(by > 2 + NEAR for by in differ):15}  short {len(short)}, {lines:.2f} lines a page, before {dict(why)}",
        flush=True,
    )


if __name__ == "__main__":
    main()
