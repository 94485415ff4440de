"""Speed of proofreading: two volumes compared, by text and in pictures, and the report opened in a browser.

`python -m tests.bench_proofreading` builds a volume of about 640 pages twice, the second time with a word changed in
every twentieth document and a page more near its beginning; with `--pdfs OLD NEW` it takes two that are there. Each
figure is one process of its own, as a command line is; machines are shared and noisy.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from edition import manuscript, pipeline
from edition.findings import Finding, Severity
from edition.proof.book import read_book
from edition.proof.report import report
from edition.proof.spots import Printed
from edition.source import Place
from tests.bench import edition_of

ROOT = Path(__file__).parent.parent
PAGES = 640
FINDINGS = 1000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--pdfs", type=Path, nargs=2, metavar=("OLD", "NEW"))
    arguments.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.one:
        how, old, new, out = chosen.one
        one(how, Path(old), Path(new), Path(out))
        return
    with tempfile.TemporaryDirectory() as folder:
        old, new = chosen.pdfs or volumes(Path(folder))
        measure_comparison(old, new, Path(folder))
        measure_report(new, Path(folder))


def volumes(folder: Path) -> tuple[Path, Path]:
    """Two volumes of about 640 pages, the second one edited."""
    manuscript.save(edition_of(PAGES), folder / "old")
    shutil.copytree(folder / "old", folder / "new")
    documents = sorted((folder / "new" / "documents").glob("*.md"))
    for number, path in enumerate(documents):
        text = path.read_text("utf-8")
        if number % 20 == 0:
            text = text.replace(" telegram ", " cablegram ", 1)
        if number == 2:
            text += "\n\n" + "It goes on at some length here. " * 120 + "\n"
        path.write_text(text, "utf-8")
    made = [pipeline.build(folder / name, folder / f"{name}-out").pdf for name in ("old", "new")]
    return made[0], made[1]


def measure_comparison(old: Path, new: Path, folder: Path) -> None:
    """Seconds and memory of a comparison by text, and with pictures of the pages whose words changed."""
    for how in ("text", "pictures"):
        command = [
            sys.executable,
            "-m",
            "tests.bench_proofreading",
            "--one",
            how,
            *map(str, (old, new, folder / "pictures")),
        ]
        began = time.perf_counter()
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - began
        told = json.loads(run.stdout.splitlines()[-1])
        print(
            f"comparison, {how}: {seconds:.1f} s, {told['processor']:.1f} s of processor, {told['mebibytes']:.0f} MiB; "
            f"{told['pages']} pages, {told['changes']} changes, {told['pictures']} pictures",
            flush=True,
        )


def one(how: str, old: Path, new: Path, out: Path) -> None:
    compared = pipeline.compare(old, new, pictures=out if how == "pictures" else None)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    pictures = len(list(out.glob("*.png"))) if how == "pictures" else 0
    print(
        json.dumps(
            {
                "processor": usage.ru_utime + usage.ru_stime,
                "mebibytes": usage.ru_maxrss / 1024,
                "pages": f"{len(compared.old.pages)} and {len(compared.new.pages)}",
                "changes": len(compared.changes),
                "pictures": pictures,
            }
        )
    )


def made_up_report(pdf: Path) -> str:
    """A report on a thousand findings spread over a volume, each with its lines and a source line."""
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
    return report("A volume", book, findings, {"content/documents/d1.md": source})


def measure_report(pdf: Path, folder: Path) -> None:
    """Making the report, its size, and how long a browser needs until it can be used."""
    began, used = time.perf_counter(), time.process_time()
    page = made_up_report(pdf)
    made, used = time.perf_counter() - began, time.process_time() - used
    path = folder / "report.html"
    path.write_text(page, "utf-8")
    print(
        f"report of {FINDINGS} findings: made in {made:.1f} s, {used:.1f} s of processor, {path.stat().st_size / 2**20:.1f} MiB",
        flush=True,
    )
    if opened := opening_seconds(path):
        print(f"opened in headless Chromium: {', '.join(f'{seconds:.2f} s' for seconds in opened)}")


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
