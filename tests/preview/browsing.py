"""A headless Chromium, and what a person sees in it of the preview."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from edition.preview import Preview
from tests.preview.quay import LONG

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
IN_BROWSER = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]
"""The marks of a module whose tests are run in a browser."""
QUIET = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
"""It is run as whoever runs the tests, and calls nobody."""


@contextmanager
def chromium() -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield running
        running.close()


@contextmanager
def opened(browser, preview: Preview) -> Iterator[object]:
    """A window with the preview, in which no script fails and nothing is complained of."""
    context = browser.new_context(viewport={"width": 1300, "height": 850})
    page = context.new_page()
    page.set_default_timeout(LONG * 1000)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.goto(preview.address)
    yield page
    context.close()
    assert [trouble for trouble in troubles if "409" not in trouble] == []


def shown(page) -> int:
    return int(page.get_attribute("html", "data-shown") or 0)


def wait_for_more(page, than: int) -> None:
    page.wait_for_function("number => Number(document.documentElement.dataset.shown) > number", arg=than)


def image(page, number: int) -> str:
    return page.locator("figure").nth(number).locator("img").get_attribute("src")


def seen(page) -> list[int]:
    """The pages in the window."""
    return page.evaluate(
        """() => [...document.querySelectorAll("figure")].flatMap((figure, index) => {
            const box = figure.firstElementChild.getBoundingClientRect();
            return box.bottom > 60 && box.top < innerHeight - 20 ? [index] : [];
        })"""
    )


def at_rest(page) -> None:
    """Wait until nothing moves any more: two frames alike, and in them the images that are wanted."""
    page.evaluate("window.atRest = null")
    page.wait_for_function(
        """() => {
            const figures = [...document.querySelectorAll("figure")];
            const done = figures.every((figure) => !figure.near
                || figure.querySelector("img")?.getAttribute("src") === figure.dataset.wanted);
            const box = figures[0].getBoundingClientRect();
            const now = [view.scrollTop, view.scrollLeft, box.top, box.width].join();
            const same = window.atRest?.now === now ? window.atRest.same + 1 : 0;
            window.atRest = { now, same };
            return done && same > 12;
        }"""
    )
