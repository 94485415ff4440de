"""Whether time and memory a page grow with the book: editions of three sizes, put together from the sample volumes.

`python -m tests.bench_growth --pages 150 640 2500`. All are of the same mix: of the documents of all volumes, front and back matter and
very long ones left out, every so many; references to what was left out lead to the first chapter. Time is that of all processors, for machines
are shared and noisy; memory is the most that all processes had together.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Container, Iterable, Iterator, Sequence
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


def letters_of(volumes: Iterable[Path], scratch: Path) -> list[Document]:
    """The documents in the text of all volumes, none of them longer than a chapter is here."""
    found: list[Document] = []
    for number, volume in enumerate(volumes, 1):
        folder = scratch / volume.stem
        pipeline.import_tei(volume, folder)
        documents = _in_text(manuscript.load(folder)[0].contents)
        short = (it for it in documents if letters(it) <= PAGES_A_CHAPTER * LETTERS_A_PAGE)
        found += (renamed(document, f"v{number}-") for document in short)
    return found


def _in_text(entries: Iterable[Entry]) -> Iterator[Document]:
    for entry in entries:
        if isinstance(entry, Division) and entry.kind not in ("front", "back"):
            yield from (inner for inner in entry.contents if isinstance(inner, Document))
            yield from _in_text(entry.contents)


def edition_of(documents: Sequence[Document], pages: int) -> Edition:
    """An edition of about so many pages, or of all documents where they have not as many."""
    share = min(1, pages * LETTERS_A_PAGE / sum(map(letters, documents)))
    taken = [document for turn, document in enumerate(documents) if int((turn + 1) * share) > int(turn * share)]
    known = {document.id for document in taken}
    known |= {node.anchor for document in taken for _, node in walk(document) if isinstance(node, PageBreak)}
    chapters: list[list[Document]] = [[]]
    length = 0
    for document in taken:
        if length >= PAGES_A_CHAPTER * LETTERS_A_PAGE:
            chapters.append([])
            length = 0
        chapters[-1].append(_bound(document, known))
        length += letters(document)
    divisions = (
        Division("chapter", (Text(f"Chapter {number}"),), tuple(chapter), f"chapter-{number}")
        for number, chapter in enumerate(chapters, 1)
    )
    contents = (Generated("title-page"), Generated("contents"), *divisions)
    return Edition("Volumes Put Together", contents, year="1900", style=StyleChoice("frus"))


def _bound(value: Any, known: Container[str]) -> Any:
    """A part of an edition whose references lead to what is known, or to the first chapter."""
    if isinstance(value, tuple):
        return tuple(_bound(it, known) for it in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {field.name: _bound(getattr(value, field.name), known) for field in fields(value) if field.compare}
    if isinstance(value, Reference) and value.target[1:] not in known:
        changed["target"] = "#chapter-1"
    return replace(value, **changed)


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
        documents = letters_of(volumes, Path(scratch))
        for pages in chosen.pages:
            with tempfile.TemporaryDirectory() as own:
                size = measured(edition_of(documents, pages), Path(own), chosen.jobs, chosen.times)
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
