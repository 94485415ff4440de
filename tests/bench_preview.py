"""From a save to the page on the screen: `python -m tests.bench_preview [FOLDER]`.

A browser shows a copy of an edition, by default a synthetic one. A word in the middle of a long paragraph is changed
and saved, then a setting that changes every page; told is how long it takes until the page that is looked at is on
the screen, and until the whole book is. The first build is not counted. Figures are of a machine that does whatever
else it does meanwhile: the load is told with them. Before that the same is done without a browser, and the builder's
processor time until it has the first page is told, which depends less on what else goes on.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from edition import manuscript
from edition.preview import Preview
from edition.preview.making import Finished, Maker, Wish
from edition.preview.shown import ShownGlimpse
from tests.preview.browsing import CHROMIUM, QUIET, shown

HOUR = 3_600_000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path, nargs="?", help="an edition")
    arguments.add_argument("--pages", type=int, default=640, help="of the synthetic one")
    arguments.add_argument("--document", help="the document to change, by default one in the middle")
    arguments.add_argument("--times", type=int, default=5)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "edition"
        if chosen.folder:
            shutil.copytree(chosen.folder, folder)
        else:
            from tests.bench import edition_of

            manuscript.save(edition_of(chosen.pages), folder)
        processor(folder, chosen.document, chosen.times)
        measure(folder, chosen.document, chosen.times)


class Pipe:
    """Takes what a builder tells, and notes when there was a first page and how many there are in all."""

    first = 0.0
    pages = 0

    def poll(self) -> bool:
        return False

    def send(self, told: Any) -> None:
        if isinstance(told, ShownGlimpse):
            self.first = time.process_time()
        elif isinstance(told, Finished):
            self.pages = len(told.shown.pages)


def processor(folder: Path, document: str | None, times: int) -> None:
    """Tell the builder's processor time from a wish to the first page."""
    pipe = Pipe()
    maker = Maker(pipe, folder)  # type: ignore[arg-type]
    path = chosen_document(folder, document)
    gc.disable()  # as the builder's own process does

    def until_first_page(settings: dict[str, str]) -> float:
        begun = time.process_time()
        maker.make(Wish(1, settings, pipe.pages // 2))
        gc.unfreeze()
        gc.collect()
        return pipe.first - begun

    until_first_page({})
    words = []
    for number in range(times):
        write_word(path, f"term{number}")
        words.append(until_first_page({}))
    sizes = [until_first_page({"text-size": f"{10.24 + number / 10:g}pt"}) for number in range(times)]
    gc.enable()
    for what, seconds in (("one word", words), ("a setting of every page", sizes)):
        print(
            f"{what}: the builder's processor time until the first page, median {median(seconds):.2f} s",
            flush=True,
        )


def chosen_document(folder: Path, document: str | None) -> Path:
    documents = sorted((folder / "documents").glob("*.md"), key=lambda path: -path.stat().st_size)
    return folder / document if document else documents[len(documents) // 2]


def measure(folder: Path, document: str | None, times: int) -> None:
    if CHROMIUM is None:
        print("left out: no Chromium is installed to show the preview in")
        return
    from playwright.sync_api import sync_playwright

    path = chosen_document(folder, document)
    with Preview(folder, port=0) as preview, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(HOUR)
        begun = time.monotonic()
        page.goto(preview.address)
        page.wait_for_selector("html[data-shown]")
        finished(page)
        pages = page.locator("figure").count()
        print(f"{pages} pages; the first build: {time.monotonic() - begun:.1f} s; load {os.getloadavg()[0]:.1f}")
        look_at(page, preview, path.relative_to(folder).as_posix())
        tell("one word", [one_word(page, path, number) for number in range(times)])
        sizes = [f"{10.23 + number / 10:g}pt" for number in range(times)]
        page.keyboard.press("s")
        tell("a setting of every page", [setting(page, size) for size in sizes])
        browser.close()


def look_at(page: Any, preview: Preview, name: str) -> None:
    """Show where the changed paragraph of a document is printed."""
    from edition.source import Place

    assert preview.session.lookup is not None
    line, column = middle((preview.directory / name).read_text("utf-8"))
    spot = preview.session.lookup.find(Place(name, line + 1, column + 1))
    assert spot is not None
    page.fill("#folio", preview.session.book()["pages"][spot.page]["folio"])
    page.press("#folio", "Enter")
    page.wait_for_timeout(1000)


def middle(text: str) -> tuple[int, int]:
    """Line and column, from 0, of a word in the middle of the longest line."""
    lines = text.split("\n")
    number = max(range(len(lines)), key=lambda at: len(lines[at]))
    return number, lines[number].index(" ", len(lines[number]) // 2) + 1


def write_word(path: Path, word: str) -> None:
    """Put a word in the place of the one in the middle."""
    text = path.read_text("utf-8")
    line, column = middle(text)
    lines = text.split("\n")
    after = lines[line].find(" ", column)
    lines[line] = lines[line][:column] + word + lines[line][after if after > 0 else None :]
    path.write_text("\n".join(lines), "utf-8")


def one_word(page: Any, path: Path, number: int) -> tuple[float, float]:
    before = shown(page)
    begun = time.monotonic()
    write_word(path, f"word{number}")
    return waited(page, before, begun)


def setting(page: Any, size: str) -> tuple[float, float]:
    before = shown(page)
    begun = time.monotonic()
    page.fill("#setting-text-size", size)
    return waited(page, before, begun)


def waited(page: Any, before: int, begun: float) -> tuple[float, float]:
    """Seconds until other pages are on the screen, and until the book is done."""
    page.wait_for_function("number => Number(document.documentElement.dataset.shown) > number", arg=before)
    first = time.monotonic() - begun
    finished(page)
    return first, time.monotonic() - begun


def finished(page: Any) -> None:
    page.wait_for_selector("html[data-building='false']", state="attached")


def tell(what: str, times: list[tuple[float, float]]) -> None:
    for name, seconds in zip(("first page", "all done"), zip(*times, strict=True), strict=True):
        print(f"{what}, {name}: median {median(seconds):.2f} s, {min(seconds):.2f} to {max(seconds):.2f} s")
    print(f"load {os.getloadavg()[0]:.1f}", flush=True)


if __name__ == "__main__":
    main()
