"""Speed of proofreading: a check from nothing and after an edit, two volumes compared, and the report in a browser.

`python -m tests.bench_proofreading` takes the volume `frus1934v05` beside the project, with `--synthetic` or without that
volume one of about 640 pages of made-up text, or an edition's folder. The second state of the volume has a word changed in every
twentieth document and some pages more near its beginning. Each figure is one process with all that it starts, as a command line is:
seconds by the clock, and seconds of the processors, which other work on the machine changes less. With `--pdfs OLD NEW` only
these two are compared and reported on.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from edition import manuscript, pipeline
from edition.findings import Finding, Severity
from edition.proof.book import read_book
from edition.proof.report import report
from edition.proof.spots import Printed
from edition.source import Place
from tests.bench import edition_of
from tests.bench_rebuild import VOLUME

ROOT = Path(__file__).parent.parent
PAGES = 640
FINDINGS = 1000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path, nargs="?", help="an edition's folder; it is copied")
    arguments.add_argument("--synthetic", action="store_true", help="made-up text of about 640 pages")
    arguments.add_argument("--pdfs", type=Path, nargs=2, metavar=("OLD", "NEW"))
    arguments.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.one:
        how, *paths = chosen.one
        one(how, *map(Path, paths))
        return
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name))
        print(
            "| what | of | pages | clock, s | processors, s | MiB | |\n|---|---|---|---|---|---|---|", flush=True
        )
        if chosen.pdfs:
            old, new = chosen.pdfs
        else:
            bench.volume(chosen.folder, chosen.synthetic)
            bench.checks()
            old, new = bench.books()
        bench.comparisons(old, new)
        bench.report(new)


@dataclass(frozen=True)
class Cost:
    clock: float
    processors: float
    told: str
    """What the process printed."""


def run(command: Iterable[str], cache: Path) -> Cost:
    """One process with all that it starts, to its end."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**os.environ, "EDITION_CACHE": str(cache)}
    process = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    clock, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode not in (0, 1) or "Traceback" in process.stderr:
        raise RuntimeError(process.stderr[-2000:])
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(clock, used, process.stdout)


class Bench:
    """Everything in a folder of its own, with a cache of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        self.name = ""

    @property
    def edition(self) -> Path:
        return self.folder / "old"

    def row(self, what: str, pages: object, cost: Cost, mebibytes: float | None, told: str) -> None:
        memory = f"{mebibytes:.0f}" if mebibytes else ""
        shown = (what, self.name, pages, f"{cost.clock:.1f}", f"{cost.processors:.1f}", memory, told)
        print(f"| {' | '.join(map(str, shown))} |", flush=True)

    def volume(self, given: Path | None, synthetic: bool) -> None:
        """Put the edition that is measured into the folder."""
        if given:
            self.name = given.resolve().name
            shutil.copytree(given, self.edition)
        elif VOLUME.is_file() and not synthetic:
            self.name = VOLUME.stem
            pipeline.import_tei(VOLUME, self.edition)
        else:
            self.name = "made-up text"
            manuscript.save(edition_of(PAGES), self.edition)

    def checks(self) -> None:
        """A check of the manuscript alone; of all, from nothing, unchanged, and after a word was put into one document."""
        command = ("edition", "check", str(self.edition), "--format", "json")
        documents = sorted((self.edition / "documents").glob("*.md"))
        middle = documents[len(documents) // 2]
        for what, more in (
            ("check of the manuscript alone", ["--manuscript"]),
            ("check, from nothing", []),
            ("check, nothing changed", []),
            ("check, a word put into one document", []),
        ):
            if what.endswith("one document"):
                text, found = re.subn(r"(?<=[a-z]{4} )(?=[a-z]{4})", "rather ", middle.read_text("utf-8"), count=1)
                assert found, f"{middle.name} has no words to put one between"
                middle.write_text(text, "utf-8")
            cost = run([*command, *more], self.cache)
            findings = json.loads(cost.told)["findings"]
            self.row(what, "", cost, None, f"{len(findings)} findings")

    def books(self) -> tuple[Path, Path]:
        """The volume and its second state as PDFs."""
        new = self.folder / "new"
        shutil.copytree(self.edition, new)
        for number, path in enumerate(sorted((new / "documents").glob("*.md"))):
            text = path.read_text("utf-8")
            if number % 20 == 0:
                front, body = text.split("\n---\n", 1)
                text = f"{front}\n---\n" + re.sub(r"(?<= )[a-z]{6,}(?= )", "otherwise", body, count=1)
            if number == 2:
                text += "\n\n" + "It goes on at some length here. " * 400 + "\n"
            path.write_text(text, "utf-8")
        made = []
        for edition in (self.edition, new):
            out = self.folder / f"{edition.name}-out"
            run(("edition", "build", str(edition), "--out", str(out)), self.cache)
            made += list(out.glob("*.pdf"))
        return made[0], made[1]

    def comparisons(self, old: Path, new: Path) -> None:
        """By text, and with pictures of the pages whose words changed."""
        for how in ("text", "pictures"):
            command = ("tests.bench_proofreading", "--one", how, str(old), str(new), str(self.folder / "pictures"))
            cost = run(command, self.cache)
            told = json.loads(cost.told.splitlines()[-1])
            more = f", {told['pictures']} pictures" if how == "pictures" else ""
            what = "comparison by text" if how == "text" else "comparison with pictures"
            self.row(what, told["pages"], cost, told["mebibytes"], f"{told['changes']} changes{more}")

    def report(self, pdf: Path) -> None:
        """Making the report, its size, and how long a browser needs until it can be used."""
        path = self.folder / "report.html"
        command = ("tests.bench_proofreading", "--one", "report", str(pdf), str(pdf), str(path))
        cost = run(command, self.cache)
        told = json.loads(cost.told.splitlines()[-1])
        size = f"{path.stat().st_size / 2**20:.1f} MiB of HTML"
        self.row(f"report of {FINDINGS} findings", told["pages"], cost, told["mebibytes"], size)
        if opened := opening_seconds(path):
            told_seconds = ", ".join(f"{seconds:.2f} s" for seconds in opened)
            print(f"\nThe report opened in headless Chromium, until it answered a key: {told_seconds}")


def one(how: str, old: Path, new: Path, out: Path) -> None:
    """What a process of its own does; it prints what it found, and the most memory that it had."""
    told: dict[str, object]
    if how == "report":
        pages, page = made_up_report(new)
        out.write_text(page, "utf-8")
        told = {"pages": pages}
    else:
        compared = pipeline.compare(old, new, pictures=out if how == "pictures" else None)
        pages_of = f"{len(compared.old.pages)} and {len(compared.new.pages)}"
        told = {"pages": pages_of, "changes": len(compared.changes), "pictures": len(list(out.glob("*.png")))}
    mebibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**told, "mebibytes": mebibytes}))


def made_up_report(pdf: Path) -> tuple[int, str]:
    """How many pages a volume has, and a report on a thousand findings spread over a volume, each with its lines and a source line."""
    book = read_book(pdf)
    lines = [line for page in book.pages for line in page.text_lines]
    severities = list(Severity)
    source = "\n".join(f"line {number} of a source " + "with some more words " * 5 for number in range(1, 2001))
    findings = []
    for number in range(FINDINGS):
        line = lines[number * len(lines) // FINDINGS]
        place = Place("content/documents/d1.md", 1 + number, 5)
        code = ("N001", "N002", "P001")[number % 3]
        finding = Finding(code, severities[number % 3], f"made up to be looked at, number {number}", place)
        findings.append((finding, Printed(line.page, line, None)))
    return len(book.pages), report("A volume", book, findings, {"content/documents/d1.md": source})


def opening_seconds(path: Path, times: int = 3) -> list[float]:
    """Seconds from the address to a page that is loaded and drawn, and answers a key."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return []
    if chromium is None:
        return []
    found = []
    with sync_playwright() as driver:
        for _ in range(times):
            browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1300, "height": 900})
            began = time.perf_counter()
            page.goto(path.as_uri(), wait_until="load")
            page.keyboard.press("n")
            page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            found.append(time.perf_counter() - began)
            assert page.evaluate("document.activeElement.matches('li.finding')")
            browser.close()
    return found


if __name__ == "__main__":
    main()
