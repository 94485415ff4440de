"""What a build costs from nothing and after an edit, beside one run of plain WeasyPrint on the same book, and beside others.

`python -m tests.bench_rebuild` takes the volume `frus1934v05` beside the project, or an edition's folder. Every figure is of
whole processes, the proof included, the median of several; machines are shared and noisy: the ratios count. The memory
is the most that all processes of a build had together (their proportional shares, Linux only). `bench_peers` says how
others are measured.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from edition import manuscript, pipeline
from edition.model import Division, Document, Entry, documents_of
from tests import bench_peers
from tests.measuring import ROOT, Cost, middle, run

VOLUME = ROOT.parent / "shared" / "corpus" / "frus" / "frus1934v05.xml"
EDIT = "Bench"


class Row(NamedTuple):
    """A line of the table: what, its cost, how many times faster than the plain run it must be."""

    what: str
    cost: Cost
    times_faster: float = 0
    seconds: float = 0
    """How long it may take at most; 0 for as long as it likes."""

    def goal(self, plain: Cost) -> str:
        """What was wanted, and whether it is so."""
        goals = []
        if self.times_faster:
            goals.append((f"{self.times_faster:g} ×", plain.seconds >= self.times_faster * self.cost.seconds))
        if self.seconds:
            goals.append((f"{self.seconds:.2f} s", self.cost.seconds <= self.seconds))
        return ", ".join(f"{name}: {'kept' if kept else 'missed'}" for name, kept in goals)


class Bench:
    """The builds of one edition, in a folder of its own."""

    def __init__(self, folder: Path, scratch: Path, jobs: int, times: int) -> None:
        self.folder, self.scratch, self.jobs, self.times = folder, scratch, jobs, times
        self.warm = scratch / "warm"
        self.edits = self.pages = 0

    def build(self, cache: Path) -> Cost:
        cost, told = run(
            [
                *(sys.executable, "-m", "edition", "build", str(self.folder), "--json"),
                *("--out", str(self.scratch / "out"), "--jobs", str(self.jobs)),
            ],
            EDITION_CACHE=str(cache),
        )
        self.pages = json.loads(told)["pages"]
        return cost

    def cold(self) -> Cost:
        """From nothing; what the last one made is there for those that follow."""
        costs = []
        for _ in range(self.times):
            shutil.rmtree(self.warm, ignore_errors=True)
            costs.append(self.build(self.warm))
        return middle(costs)

    def plain(self) -> Cost:
        """WeasyPrint as it comes, which proves nothing and loses notes."""
        command = [sys.executable, "-m", "tests.bench", "--one", "plain", str(self.folder)]
        return middle([run(command)[0] for _ in range(self.times)])

    def again(self, change: Callable[[], None]) -> Cost:
        """Builds after a change, with all that was made before."""
        self.build(self.warm)
        costs = []
        for _ in range(max(3, self.times)):
            change()
            time.sleep(0.2)
            costs.append(self.build(self.warm))
        return middle(costs)

    def word_in(self, path: Path) -> Callable[[], None]:
        """One word more at the end of a document, another each time."""

        def change() -> None:
            self.edits += 1
            text = re.sub(rf"\n\n{EDIT} \w+\.\n\Z", "\n", path.read_text("utf-8")).rstrip("\n")
            path.write_text(f"{text}\n\n{EDIT} {self.edits}x.\n", "utf-8")

        return change

    def page_in(self, path: Path) -> Callable[[], None]:
        """A page more in a document, and then that page less."""
        sound, more = path.read_text("utf-8"), "\n" + "\n".join(["\nOne line more of this document.\n"] * 44)

        def change() -> None:
            self.edits += 1
            path.write_text(sound + (more if self.edits % 2 else "") + f"\n{EDIT} {self.edits}x.\n", "utf-8")

        return change


def chapters(folder: Path) -> list[tuple[int, str, Path]]:
    """Every innermost division of the text with documents: letters in it, its id, the document in its middle."""
    edition, _ = manuscript.load(folder)
    found: list[tuple[int, str, Path]] = []

    def look(entries: Iterable[Entry]) -> None:
        for entry in entries:
            if isinstance(entry, Division) and entry.kind not in ("front", "back"):
                documents = [document for document in documents_of(entry.contents) if document.at]
                if documents and all(isinstance(inner, Document) for inner in entry.contents):
                    paths = [Path(document.at.path) for document in documents if document.at]
                    found.append((sum(path.stat().st_size for path in paths), entry.id, paths[len(paths) // 2]))
                look(entry.contents)

    look(edition.contents)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, help="an edition; it is copied")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--times", type=int, default=3, help="how often from nothing")
    parser.add_argument("--alone", action="store_true", help="without others")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "edition"
        if chosen.folder:
            shutil.copytree(chosen.folder, folder)
        elif VOLUME.exists():
            pipeline.import_tei(VOLUME, folder)
        else:
            print("the sample volumes are not beside the project; give the folder of an edition")
            return
        ours = table(Bench(folder, Path(scratch), chosen.jobs, chosen.times))
        if not chosen.alone:
            print()
            bench_peers.table(folder, Path(scratch), ours, chosen.times)


def table(bench: Bench) -> bench_peers.Ours:
    """Measure all, and print it beside one plain run."""
    by_length = sorted(chapters(bench.folder))
    edition, _ = manuscript.load(bench.folder)
    letters = sum(Path(document.at.path).stat().st_size for document in edition.documents if document.at)
    plain, cold = bench.plain(), bench.cold()
    a_page = letters / bench.pages
    short, middling = (min(by_length, key=lambda it: abs(it[0] - pages * a_page)) for pages in (2, 30))

    def word(name: str, chapter: tuple[int, str, Path], times_faster: float) -> Row:
        what = f"a word in a {name} chapter ({chapter[0] / a_page:.0f} pages)"
        return Row(what, bench.again(bench.word_in(chapter[2])), times_faster)

    of_short = word("short", short, 30)
    rows = [
        Row("one plain WeasyPrint run", plain),
        Row(f"from nothing, {bench.jobs} jobs", cold, 2.8),
        Row("nothing changed", bench.again(lambda: None), seconds=0.5),
        of_short,
        word("middling", middling, 15),
        word("longest", by_length[-1], 7),
        Row(
            "a page more or less in the first chapter",
            bench.again(bench.page_in(chapters(bench.folder)[0][2])),
            seconds=of_short.cost.seconds + 1,
        ),
    ]
    print(f"an edition of {bench.pages} pages")
    print("| what | seconds | processor | plain run / this | wanted | MiB |\n|---|--:|--:|--:|---|--:|")
    for row in rows:
        cost, ratio = row.cost, plain.seconds / row.cost.seconds
        print(
            f"| {row.what} | {cost.seconds:.2f} | {cost.processor:.2f} | {ratio:.1f} | {row.goal(plain)} "
            f"| {cost.mebibytes:.0f} |",
            flush=True,
        )
    most = max(row.cost.mebibytes for row in rows[1:])
    told = "less" if most < plain.mebibytes else "more"
    print(f"at most {most:.0f} MiB in all processes together, {told} than the plain run's {plain.mebibytes:.0f}")
    return bench_peers.Ours(bench.pages, cold, of_short.cost)


if __name__ == "__main__":
    main()
