"""Whether time and memory a page grow with the book: editions of three sizes, put together from the sample volumes.

`python -m tests.bench_growth --pages 150 640 2500`. All are of the same mix: runs of documents from all volumes, in an order that
chance gave once; a longer edition has all that a shorter one has. Time is that of all processors, for machines are
shared and noisy; memory is the most that all processes had together.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from edition import manuscript, pipeline
from edition.model import (
    Division,
    Document,
    Edition,
    Entry,
    Generated,
    PageBreak,
    Reference,
    Span,
    StyleChoice,
    Text,
)
from edition.walk import walk
from tests.bench_rebuild import Bench
from tests.measuring import Cost
from tests.volumes import CORPUS

LETTERS_A_PAGE = 1900
"""About, in the style `frus`; the pages that came of it are printed."""
PAGES_A_CHAPTER = 12
MOST = 1.1
"""How many times what the shortest takes a page a longer one may take."""


# Volumes put together


def renamed(value: Any, prefix: str) -> Any:
    """A part of an edition whose ids begin with a prefix, and all that leads to them."""
    if isinstance(value, tuple):
        return tuple(renamed(it, prefix) for it in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {field.name: renamed(getattr(value, field.name), prefix) for field in fields(value) if field.compare}
    if changed.get("id"):
        changed["id"] = prefix + changed["id"]
    if isinstance(value, PageBreak):
        changed["id"] = prefix + value.anchor
    if isinstance(value, Reference) and value.target.startswith("#"):
        changed["target"] = f"#{prefix}{value.target[1:]}"
    if isinstance(value, Document):
        changed["persons"] = ()
    if isinstance(value, Span):
        changed["attributes"] = tuple(it for it in value.attributes if it[0] != "ref")
    return replace(value, **changed)


def letters(document: Document) -> int:
    return sum(len(node.text) for _, node in walk(document) if isinstance(node, Text))


def runs(edition: Edition) -> Iterator[tuple[Document, ...]]:
    """The documents of an edition in runs of some pages, none over the end of a division."""

    def look(entries: Iterable[Entry]) -> Iterator[tuple[Document, ...]]:
        run: list[Document] = []
        length = 0
        for entry in entries:
            if isinstance(entry, Document):
                run.append(entry)
                length += letters(entry)
            if run and (not isinstance(entry, Document) or length >= PAGES_A_CHAPTER * LETTERS_A_PAGE):
                yield tuple(run)
                run, length = [], 0
            if isinstance(entry, Division):
                yield from look(entry.contents)
        if run:
            yield tuple(run)

    return look(edition.contents)


def chapters_of(volumes: Iterable[Path], scratch: Path) -> list[Division]:
    """Chapters from all volumes, in an order that chance gives; always the same."""
    found: list[Division] = []
    for number, volume in enumerate(volumes, 1):
        folder = scratch / volume.stem
        pipeline.import_tei(volume, folder)
        for documents in runs(manuscript.load(folder)[0]):
            id = f"chapter-{len(found) + 1}"
            found.append(
                Division("chapter", (Text(f"Chapter {len(found) + 1}"),), renamed(documents, f"v{number}-"), id)
            )
    random.Random(1).shuffle(found)
    return found


def edition_of(chapters: list[Division], pages: int) -> Edition:
    """An edition of about so many pages, or of all chapters where they have not as many."""
    taken: list[Division] = []
    length = 0
    for chapter in chapters:
        if length >= pages * LETTERS_A_PAGE:
            break
        taken.append(chapter)
        length += sum(letters(document) for document in chapter.contents if isinstance(document, Document))
    contents = (Generated("title-page"), Generated("contents"), *taken)
    return Edition("Volumes Put Together", contents, year="1900", style=StyleChoice("frus"))


# Measuring


class Size(NamedTuple):
    """What an edition of some size costs."""

    pages: int
    cold: Cost
    again: Cost

    @property
    def a_page(self) -> dict[str, float]:
        """What must not grow, by name: milliseconds and kibibytes a page."""
        return {
            "from nothing, ms": 1000 * self.cold.processor / self.pages,
            "KiB": 1024 * self.cold.mebibytes / self.pages,
            "a word changed, ms": 1000 * self.again.processor / self.pages,
            "KiB then": 1024 * self.again.mebibytes / self.pages,
        }


def measured(edition: Edition, scratch: Path, jobs: int, times: int) -> Size:
    """An edition built from nothing, and again after a word."""
    folder = scratch / "edition"
    manuscript.save(edition, folder)
    bench = Bench(folder, scratch, jobs, times)
    cold = bench.cold()
    chapter = next(entry for entry in edition.contents if isinstance(entry, Division))
    document = next(entry for entry in chapter.contents if isinstance(entry, Document))
    again = bench.again(bench.word_in(folder / "documents" / f"{document.id}.md"))
    return Size(bench.pages, cold, again)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, nargs="+", default=[150, 640, 2500])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--times", type=int, default=1, help="how often from nothing")
    chosen = parser.parse_args()
    volumes = sorted(CORPUS.glob("*.xml"))
    if not volumes:
        print("the sample volumes are not beside the project")
        return
    sizes: list[Size] = []
    with tempfile.TemporaryDirectory() as scratch:
        chapters = chapters_of(volumes, Path(scratch))
        for pages in chosen.pages:
            with tempfile.TemporaryDirectory() as own:
                size = measured(edition_of(chapters, pages), Path(own), chosen.jobs, chosen.times)
            sizes.append(size)
            print_size(size, sizes[0])


def print_size(size: Size, first: Size) -> None:
    if size is first:
        names = (f"{name} a page | × |" for name in size.a_page)
        print(f"| pages | from nothing, s | a word changed, s | {' '.join(names)}")
        print(f"|--:|--:|--:|{'--:|--:|' * len(size.a_page)}")
    cells = [str(size.pages), f"{size.cold.seconds:.1f}", f"{size.again.seconds:.2f}"]
    for name, value in size.a_page.items():
        growth = value / first.a_page[name]
        cells += [f"{value:.1f}", f"{growth:.2f}{'' if growth <= MOST else ': too much'}"]
    print(f"| {' | '.join(cells)} |")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
