"""Others on the text of an edition (see `peer_texts`): from nothing, and after one word has changed.

`make bench` prints them beside our own figures; `python -m tests.bench_peers FOLDER` alone, of an edition's folder. Each figure is of
whole processes, but for Typst in its watcher, which is the compiler's second run in one process. LaTeX runs until its
table of contents stays the same. What is not installed is said: `pip install typst`; `pdflatex` and `lualatex` on the path;
Paged.js wants Playwright with a Chromium, and `npm install pagedjs` in the project's folder or the path of its
polyfill as PAGEDJS.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pypdfium2

from edition import manuscript
from edition.resolve import resolve
from tests import peer_texts
from tests.measuring import ROOT, Cost, middle, run
from tests.peer_texts import Part, Run, parts_of

WORD = " Bench."
LATEX_RUNS = 5
"""At most, until the contents are settled."""
PATIENCE = 1200
"""Seconds after which a browser is given up."""


class Ours(NamedTuple):
    """What a build costs."""

    pages: int
    cold: Cost
    again: Cost


@dataclass(frozen=True)
class Peer:
    name: str
    written: Callable[[list[Part]], str]
    suffix: str
    missing: str = ""
    """What is not installed; empty where all is."""


def peers() -> Iterator[Peer]:
    """All of them, whether they are there or not."""
    typst = "" if find_spec("typst") else "typst"
    yield Peer("typst", peer_texts.typst, ".typ", typst)
    yield Peer("typst-watching", peer_texts.typst, ".typ", typst)
    yield Peer("pdflatex", peer_texts.latex, ".tex", "" if shutil.which("pdflatex") else "pdflatex")
    yield Peer(
        "lualatex",
        lambda parts: peer_texts.latex(parts, unicode=True),
        ".tex",
        "" if shutil.which("lualatex") else "lualatex",
    )
    script = polyfill()
    lacking = [
        name
        for name, there in (
            ("Paged.js", script),
            ("Playwright", find_spec("playwright")),
            ("Chromium", chromium()),
        )
        if not there
    ]
    yield Peer("pagedjs", lambda parts: peer_texts.html(parts, script), ".html", " and ".join(lacking))


def polyfill() -> str:
    """The address of the script of Paged.js; empty where there is none."""
    places = [os.environ.get("PAGEDJS", ""), str(ROOT / "node_modules/pagedjs/dist/paged.polyfill.js")]
    found = next((Path(place) for place in places if place and Path(place).is_file()), None)
    return found.resolve().as_uri() if found else ""


def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), "")


# One process


def one(name: str, source: Path, edited: Path | None) -> float:
    """Set a file beside itself; seconds, of the second time where an edited one takes its place."""
    if name == "typst-watching":
        import typst

        compiler = typst.Compiler(str(source))
        compiler.compile(output=str(source.with_suffix(".pdf")))
        if edited:
            source.write_bytes(edited.read_bytes())
        began = time.perf_counter()
        compiler.compile(output=str(source.with_suffix(".pdf")))
        return time.perf_counter() - began
    began = time.perf_counter()
    if name == "typst":
        import typst

        typst.compile(str(source), output=str(source.with_suffix(".pdf")))
    elif name == "pagedjs":
        in_browser(source)
    else:
        until_settled(name, source)
    return time.perf_counter() - began


def until_settled(program: str, source: Path) -> None:
    """LaTeX, again while the contents change."""
    contents, before = source.with_suffix(".toc"), None
    for _ in range(LATEX_RUNS):
        known = contents.read_bytes() if contents.exists() else None
        if before is not None and known == before:
            return
        command = [program, "-interaction=batchmode", source.name]
        subprocess.run(command, cwd=source.parent, stdout=subprocess.DEVNULL, check=False)
        before, after = known, contents.read_bytes()
        if after == before:
            return


def in_browser(source: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.add_init_script("window.PagedConfig = { after: () => { window.pagesAreDone = true } }")
        page.goto(source.as_uri())
        page.wait_for_function("window.pagesAreDone")
        page.pdf(path=str(source.with_suffix(".pdf")), prefer_css_page_size=True)
        browser.close()


# All of them


class Measured(NamedTuple):
    pages: int
    cold: Cost
    again: Cost


def measured(peer: Peer, parts: list[Part], scratch: Path, times: int) -> Measured:
    """From nothing, and after one word has changed."""
    folder = scratch / peer.name
    source, edited = folder / f"text{peer.suffix}", folder / f"edited{peer.suffix}"
    cold, again = [], []
    for _ in range(times):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        source.write_text(peer.written(parts), "utf-8")
        edited.write_text(peer.written(with_a_word(parts)), "utf-8")
        if peer.name == "typst-watching":
            cost, told = _process(peer, source, edited)
            seconds = float(told)
            again.append(Cost(seconds, seconds, cost.mebibytes))
            cold.append(cost._replace(seconds=cost.seconds - seconds))
            continue
        cold.append(_process(peer, source)[0])
        source.write_bytes(edited.read_bytes())
        again.append(_process(peer, source)[0])
    pdf = source.with_suffix(".pdf")
    return Measured(len(pypdfium2.PdfDocument(pdf)), middle(cold), middle(again))


def _process(peer: Peer, *files: Path) -> tuple[Cost, str]:
    return run([sys.executable, "-m", "tests.bench_peers", "--one", peer.name, *map(str, files)])


def with_a_word(parts: list[Part]) -> list[Part]:
    """A text with a word more at the end of a paragraph in its middle."""
    at = next(index for index in range(len(parts) // 2, len(parts)) if not parts[index].level)
    return [*parts[:at], Part(0, (*parts[at].pieces, Run(WORD))), *parts[at + 1 :]]


def table(folder: Path, scratch: Path, ours: Ours | None = None, times: int = 1) -> None:
    """Measure all on the text of an edition, and print them beside ours; then what is slower than they are."""
    parts = list(parts_of(resolve(manuscript.load(folder)[0])))
    print("| the same text | pages | from nothing, s | / ours | a word changed, s | / ours | MiB |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    if ours:
        _print_row("edition build", ours.pages, ours.cold, ours.again, ours)
    slower = []
    for peer in peers():
        if peer.missing:
            print(f"| {peer.name} | not installed: {peer.missing} |", flush=True)
            continue
        try:
            its = measured(peer, parts, scratch, times)
        except RuntimeError as error:
            print(f"| {peer.name} | failed: {str(error).strip().splitlines()[-1][:100]} |", flush=True)
            continue
        _print_row(peer.name, *its, ours)
        if ours:
            slower += [
                f"{what} {mine.seconds / theirs.seconds:.1f} times {peer.name}"
                for what, mine, theirs in (
                    ("from nothing", ours.cold, its.cold),
                    ("after a word", ours.again, its.again),
                )
                if mine.seconds > theirs.seconds
            ]
    if ours:
        print(f"slower than they are: {'; '.join(slower) or 'nothing'}")


def _print_row(name: str, pages: int, cold: Cost, again: Cost, ours: Ours | None) -> None:
    ratios = (
        [f"{cold.seconds / ours.cold.seconds:.2f}", f"{again.seconds / ours.again.seconds:.2f}"]
        if ours
        else ["", ""]
    )
    most = max(cold.mebibytes, again.mebibytes)
    print(
        f"| {name} | {pages} | {cold.seconds:.1f} | {ratios[0]} | {again.seconds:.2f} | {ratios[1]} | {most:.0f} |",
        flush=True,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "content", help="an edition")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.one:
        name, source, *edited = chosen.one
        print(one(name, Path(source), Path(edited[0]) if edited else None))
        return
    with tempfile.TemporaryDirectory() as scratch:
        table(chosen.folder, Path(scratch), times=chosen.times)


if __name__ == "__main__":
    main()
