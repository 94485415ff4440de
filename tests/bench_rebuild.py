"""What a build costs from nothing and after an edit, beside one run of plain WeasyPrint on the same book.

`python -m tests.bench_rebuild` takes the volume `frus1934v05` beside the project, or an edition's folder. Every figure is of
whole processes, the proof included, the median of several; machines are shared and noisy: the ratios count. The memory
is the most that all processes of a build had together (their proportional shares, Linux only).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from edition import manuscript, pipeline
from edition.model import Division, Document, Entry, documents_of

ROOT = Path(__file__).parent.parent
VOLUME = ROOT.parent / "shared" / "corpus" / "frus" / "frus1934v05.xml"
EDIT = "Bench"
POLL = 0.2
"""Seconds between two looks at the memory."""


class Cost(NamedTuple):
    seconds: float
    mebibytes: float


def run(command: list[str], cache: Path) -> Cost:
    """One process with all that it starts, to its end."""
    began = time.perf_counter()
    environment = {**os.environ, "EDITION_CACHE": str(cache)}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    most = 0.0
    while True:
        try:
            _, errors = process.communicate(timeout=POLL)
            break
        except subprocess.TimeoutExpired:
            most = max(most, sum(map(share, family(process.pid))))
    if process.returncode not in (0, 1) or b"Traceback" in errors:
        raise RuntimeError(errors.decode()[-2000:])
    return Cost(time.perf_counter() - began, most)


def family(process: int) -> Iterable[int]:
    """A process and all that it started."""
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def share(process: int) -> float:
    """The mebibytes that a process has, what it shares with others by its part."""
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.M)
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


class Bench:
    """The builds of one edition, in a folder of its own."""

    def __init__(self, folder: Path, scratch: Path, jobs: int, times: int) -> None:
        self.folder, self.scratch, self.jobs, self.times = folder, scratch, jobs, times
        self.edits = 0

    def build(self, cache: Path) -> Cost:
        out = str(self.scratch / "out")
        command = [
            sys.executable,
            "-m",
            "edition",
            "build",
            str(self.folder),
            "--out",
            out,
            "--jobs",
            str(self.jobs),
        ]
        return run(command, cache)

    def cold(self) -> Cost:
        costs = []
        for number in range(self.times):
            cache = self.scratch / f"cold{number}"
            costs.append(self.build(cache))
            shutil.rmtree(cache)
        return middle(costs)

    def plain(self) -> Cost:
        """One run of WeasyPrint as it comes, which proves nothing and loses notes."""
        return run([sys.executable, "-m", "tests.bench", "--one", "plain", str(self.folder)], self.scratch)

    def again(self, change: Callable[[], None]) -> Cost:
        """Builds after a change, with all that was made before."""
        cache = self.scratch / "warm"
        self.build(cache)
        costs = []
        for _ in range(max(3, self.times)):
            change()
            time.sleep(0.2)
            costs.append(self.build(cache))
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


def middle(costs: list[Cost]) -> Cost:
    return Cost(median(cost.seconds for cost in costs), max(cost.mebibytes for cost in costs))


def chapters(folder: Path) -> list[tuple[int, str, Path]]:
    """Every innermost division with documents: letters in it, its title, its last document."""
    edition, _ = manuscript.load(folder)
    found: list[tuple[int, str, Path]] = []

    def look(entries: Iterable[Entry]) -> None:
        for entry in entries:
            if isinstance(entry, Division):
                documents = [document for document in documents_of(entry.contents) if document.at]
                if documents and all(isinstance(inner, Document) for inner in entry.contents):
                    paths = [Path(document.at.path) for document in documents if document.at]
                    found.append((sum(path.stat().st_size for path in paths), entry.id, paths[-1]))
                look(entry.contents)

    look(edition.contents)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="an edition; it is copied")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--times", type=int, default=1, help="how often from cold")
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
        table(Bench(folder, Path(scratch), chosen.jobs, chosen.times))


def table(bench: Bench) -> None:
    """Measure all, and print it beside one plain run."""
    by_length = sorted(chapters(bench.folder))
    letters = sum(length for length, _, _ in by_length)
    pages = 2800  # letters on a page, about
    short = min(by_length, key=lambda it: abs(it[0] - 2 * pages))
    middling = min(by_length, key=lambda it: abs(it[0] - 30 * pages))
    plain = bench.plain()
    rows = [("one plain WeasyPrint run", plain), (f"from nothing, {bench.jobs} jobs", bench.cold())]
    rows.append(("nothing changed", bench.again(lambda: None)))
    for name, (length, _, path) in (("short", short), ("middling", middling), ("longest", by_length[-1])):
        rows.append((f"a word in a {name} chapter ({length // pages} pages)", bench.again(bench.word_in(path))))
    first = chapters(bench.folder)[0][2]
    rows.append(("a page more or less in the first chapter", bench.again(bench.page_in(first))))
    print(f"an edition of {letters // pages} pages or so")
    print("| what | seconds | plain run / this | MiB |\n|---|---|---|---|")
    for name, cost in rows:
        print(
            f"| {name} | {cost.seconds:.2f} | {plain.seconds / cost.seconds:.1f} | {cost.mebibytes:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
