"""The report of a whole volume in headless Chromium: 1,000 findings on 640 pages, opened from disk, by the clock."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from edition import pipeline
from edition.findings import Finding, Severity
from edition.proof.book import read_book
from edition.proof.report import report
from edition.proof.spots import Printed
from edition.source import Place
from tests.proof.planting import FOLDER

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]

PAGES, FINDINGS = 640, 1000
SECONDS = 2.0


@pytest.fixture(scope="module")
def volume(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on a volume that has the pages of a small edition again and again."""
    folder = tmp_path_factory.mktemp("volume")
    source = pypdfium2.PdfDocument(pipeline.build(FOLDER, folder).pdf)
    whole = pypdfium2.PdfDocument.new()
    while len(whole) < PAGES:
        whole.import_pages(source, range(min(len(source), PAGES - len(whole))))
    whole.save(folder / "volume.pdf")
    book = read_book(folder / "volume.pdf")
    lines = [line for page in book.pages for line in page.text_lines]
    text = (FOLDER / "documents" / "q1.md").read_text("utf-8")
    severities = list(Severity)
    findings = []
    for number in range(FINDINGS):
        line = lines[number * len(lines) // FINDINGS]
        place = Place("a/documents/q1.md", 13 + number % 9, 5)
        finding = Finding(f"N00{number % 3 + 1}", severities[number % 3], f"made up, number {number}.", place)
        findings.append((finding, Printed(line.page, line, None)))
    path = folder / "report.html"
    path.write_text(report("The Quay", book, findings, {"a/documents/q1.md": text}), "utf-8")
    return path


@dataclass
class Opened:
    page: Any
    said: list[str]
    """What stands in the console, and errors."""
    asked: list[str]
    """What was asked for but what stands in the file."""
    seconds: float
    """From the address until a key was answered and all was drawn."""


@pytest.fixture
def opened(volume: Path) -> Iterator[Opened]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1300, "height": 900})
        found = Opened(page, [], [], 0.0)
        page.on("console", lambda message: found.said.append(message.text))
        page.on("pageerror", lambda error: found.said.append(str(error)))
        page.on("request", lambda request: found.asked.append(request.url))
        began = time.perf_counter()
        page.goto(volume.as_uri(), wait_until="load")
        page.keyboard.press("n")
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found.seconds = time.perf_counter() - began
        yield found
        assert found.said == []
        assert [url for url in found.asked if not url.startswith("data:")] == [volume.as_uri()]
        chromium.close()


@pytest.mark.volumes
def test_it_opens_in_two_seconds(opened: Opened) -> None:
    assert opened.page.evaluate("document.activeElement.id") == "f0"
    assert opened.page.locator("li.finding").count() == FINDINGS
    assert opened.page.locator("nav.pages li").count() == PAGES
    assert opened.seconds < SECONDS


def test_keys_go_through_what_the_filter_left(opened: Opened) -> None:
    page = opened.page
    page.select_option("#severity", "warning")
    assert page.locator("li.finding:visible").count() == FINDINGS // 3
    page.locator("h1").click()
    seen = []
    for key in ["n"] * 40 + ["p"] * 3:
        page.keyboard.press(key)
        seen.append(int(page.evaluate("document.activeElement.id")[1:]))
    warnings = page.eval_on_selector_all(
        "li.finding.warning", "found => found.map(one => Number(one.id.slice(1)))"
    )
    assert seen[:40] == warnings[:40]
    assert seen[40:] == seen[36:39][::-1]
    box = page.evaluate(
        "(() => { const box = document.activeElement.getBoundingClientRect(); return [box.top, box.bottom] })()"
    )
    assert 0 <= box[0] < 900
    page.evaluate("document.activeElement.querySelector('img').decode()")
    current = page.locator("nav.pages li[aria-current=page]")
    assert current.count() == 1
    page.fill("#words", "number 334.")
    assert page.locator("#shown").inner_text() == f"1 of {FINDINGS} shown"
    page.fill("#words", "nothing like it")
    assert page.locator("li.finding:visible").count() == 0
    page.locator("button[type=reset]").click()
    page.locator("#shown", has_text=f"{FINDINGS} of {FINDINGS} shown").wait_for()


def test_it_prints_what_the_filter_left(opened: Opened, tmp_path: Path) -> None:
    """All of the shown findings with their pictures, neither the form nor the pages beside them."""
    page = opened.page
    page.fill("#words", "number 99")  # 99 and 990 to 999
    page.pdf(path=tmp_path / "print.pdf")
    printed = pypdfium2.PdfDocument(tmp_path / "print.pdf")
    text = "".join(sheet.get_textpage().get_text_bounded() for sheet in printed)
    numbers = [99, *range(990, 1000)]
    assert all(f"made up, number {number}." in text for number in numbers)
    assert "made up, number 98." not in text
    assert "Show all" not in text
    images = [item for sheet in printed for item in sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]
    assert len(images) == len(numbers)
