"""A volume of 640 pages in the preview, as a person works at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edition import manuscript
from edition.preview import Preview
from tests.bench import edition_of
from tests.preview.browsing import IN_BROWSER, at_rest, chromium, image, opened, seen, shown, wait_for_more

pytestmark = [*IN_BROWSER, pytest.mark.volumes]

PAGES = 640
FAR = "500"
"""An original page."""
PATIENCE = 900_000
"""Milliseconds."""
MOST_IMAGES = 16
"""Those of the spreads in the window and within a window's height of it."""
MOST_MEBIBYTES = 40
"""Of scripts' own memory in the browser."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("volume") / "edition"
    manuscript.save(edition_of(PAGES), folder)
    return folder


@pytest.fixture(scope="module")
def page(folder: Path) -> Iterator[Any]:
    with chromium() as browser, Preview(folder) as preview, opened(browser, preview) as page:
        page.set_default_timeout(PATIENCE)
        page.wait_for_selector("html[data-shown]")
        yield page


def mebibytes(page: Any) -> float:
    client = page.context.new_cdp_session(page)
    client.send("HeapProfiler.collectGarbage")
    used = client.send("Runtime.getHeapUsage")["usedSize"]
    client.detach()
    return used / 1024**2


def built(page: Any) -> None:
    page.wait_for_selector("html[data-building='false']", state="attached")


def document_of(page: Any, folder: Path) -> Path:
    """The file of a word that is clicked on in the middle of the window."""
    page.mouse.click(page.viewport_size["width"] * 0.4, page.viewport_size["height"] / 2)
    page.wait_for_selector("#place:not([hidden])")
    path = page.inner_text("#place code").split(":")[0]
    page.keyboard.press("Escape")
    return folder / path


def test_a_long_volume_is_worked_at(page: Any, folder: Path) -> None:
    built(page)
    assert page.locator("figure").count() > 0.9 * PAGES
    at_rest(page)
    assert 0 in seen(page)
    assert 0 < page.locator("#view img").count() <= MOST_IMAGES
    held = mebibytes(page)

    page.keyboard.press("o")
    page.keyboard.type(FAR)
    page.keyboard.press("Enter")
    at_rest(page)
    there = seen(page)
    assert min(there) > 100
    texts = [page.locator("figcaption").nth(number).inner_text() for number in there]
    assert any(FAR in text for text in texts)
    page.keyboard.press("+")
    at_rest(page)

    path = document_of(page, folder)
    line, column, _ = place_of_word(path)
    before, top, zoom = shown(page), page.evaluate("view.scrollTop"), page.inner_text("#zoom")
    change_word(path, line, column, "altered")
    wait_for_more(page, before)
    changed = [int(index) for index in page.get_attribute("html", "data-changed").split(",")]
    assert 0 < len(changed) <= 40, "the changed chapter comes first"
    built(page)
    at_rest(page)
    assert page.inner_text("#zoom") == zoom
    assert page.evaluate("view.scrollTop") == top
    assert seen(page) == [number for number in there if number in seen(page)], "the same pages"

    page.keyboard.press("s")
    at_rest(page)
    before, where = shown(page), seen(page)
    images = {number: image(page, number) for number in where}
    page.fill("#setting-text-size", "11.3pt")
    wait_for_more(page, before)
    assert page.get_attribute("html", "data-building") == "true", "the first page comes before the book is done"
    for number in set(where) & set(seen(page)):
        assert image(page, number) != images[number]
    built(page)
    at_rest(page)

    for key in ("End", "Home", "End"):
        page.keyboard.press(key)
        at_rest(page)
        assert 0 < page.locator("#view img").count() <= MOST_IMAGES
    assert mebibytes(page) < held + MOST_MEBIBYTES


def place_of_word(path: Path) -> tuple[int, int, str]:
    """Line and column, from 0, of a word in the middle of the longest line."""
    lines = path.read_text("utf-8").split("\n")
    number = max(range(len(lines)), key=lambda at: len(lines[at]))
    column = lines[number].index(" ", len(lines[number]) // 2) + 1
    return number, column, lines[number]


def change_word(path: Path, line: int, column: int, word: str) -> None:
    lines = path.read_text("utf-8").split("\n")
    end = lines[line].find(" ", column)
    lines[line] = lines[line][:column] + word + lines[line][end if end > 0 else None :]
    path.write_text("\n".join(lines), "utf-8")
