"""Speed and memory, side by side in one run: `make bench`, or `python -m tests.bench --pages 100 300`.

Every figure is of a whole process. Machines are shared and noisy: the ratios count, not the seconds. Plain WeasyPrint
is given the same HTML and the same sheets in a process that none of our hooks is in; it loses notes, and its
time is there to compare with.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edition import manuscript, pipeline
from edition.model import (
    Container,
    Division,
    Document,
    Edition,
    Generated,
    Note,
    NoteCall,
    OriginalPage,
    PageBreak,
    Paragraph,
    Text,
)
from edition.pipeline import building
from edition.render import render
from edition.resolve import resolve

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "content"
WORDS = (
    "the of and to in that a was government minister which it this for be by with not on as he had would from "
    "his telegram conference agreement Ambassador question relations treaty commission representatives shipment "
    "considerations notwithstanding respectfully department under secretary morning received been very"
).split()
WORDS_A_PAGE = 272
"""Measured in the style `reading` with the notes below."""


@dataclass(frozen=True)
class Measure:
    """What one process needed: seconds, mebibytes at its peak, pages made."""

    seconds: float
    mebibytes: float
    pages: int
    proof: float = 0.0
    """Seconds of the proof among them."""

    @property
    def a_page(self) -> float:
        """Milliseconds a page."""
        return 1000 * self.seconds / self.pages


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--pages", type=int, nargs="*", default=[100, 300, 600])
    arguments.add_argument("--one", nargs=2, metavar=("HOW", "FOLDER"), help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.one:
        one(chosen.one[0], Path(chosen.one[1]))
    else:
        compare(chosen.pages)
        compare_notes()


def compare(sizes: list[int]) -> None:
    print(
        f"{'edition':<12}{'pages':>6} │{'builder s':>10}{'ms/page':>9}{'MiB':>7}{'proof':>7} │{'plain s':>9}{'ms/page':>9}{'MiB':>7} │ ratio"
    )
    ours: list[Measure] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, path in [("sample", SAMPLE), *synthetic(sizes, Path(folder))]:
            build, plain = measure("builder", path), measure("plain", path)
            print(
                f"{name:<12}{build.pages:>6} │{build.seconds:>10.1f}{build.a_page:>9.0f}{build.mebibytes:>7.0f}{build.proof / build.seconds:>7.0%} "
                f"│{plain.seconds:>9.1f}{plain.a_page:>9.0f}{plain.mebibytes:>7.0f} │ {build.seconds / plain.seconds:5.2f}",
                flush=True,
            )
            if path != SAMPLE:
                ours.append(build)
    if len(ours) > 1:
        growth = ours[-1].a_page / ours[0].a_page
        print(f"time a page, {ours[0].pages} → {ours[-1].pages} pages: × {growth:.2f}")


def measure(how: str, folder: Path) -> Measure:
    """Run one build in a process of its own."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "tests.bench", "--one", how, str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - began
    told = json.loads(run.stdout.splitlines()[-1])
    return Measure(seconds, told["mebibytes"], told["pages"], told["proof"])


def one(how: str, folder: Path) -> None:
    if how in ("split", "whole"):
        lay_out(how, folder)
        return
    with tempfile.TemporaryDirectory() as out:
        pages, proof = built(folder, Path(out)) if how == "builder" else (plain(folder, Path(out)), 0.0)
    mebibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"pages": pages, "mebibytes": mebibytes, "proof": proof}))


def built(folder: Path, out: Path) -> tuple[int, float]:
    """Pages of a build, and the seconds that its proof took."""
    prove, spent = building._prove, []

    def timed(*arguments: Any) -> Any:
        began = time.perf_counter()
        proof = prove(*arguments)
        spent.append(time.perf_counter() - began)
        return proof

    building._prove = timed
    return len(pipeline.build(folder, out).pages.pages), sum(spent)


def plain(folder: Path, out: Path) -> int:
    """The same HTML through WeasyPrint as it comes, but for its HTML parser, which would tear block notes."""
    document = laid_out(folder)
    document.write_pdf(out / "plain.pdf", pdf_variant="pdf/a-3a")
    return len(document.pages)


def laid_out(folder: Path) -> Any:
    """An edition's HTML in its style, laid out by the engine as it is in this process."""
    from weasyprint import CSS

    from edition.styles import load_style
    from edition.typeset import base_css, engine

    edition, _ = manuscript.load(folder)
    style = load_style(edition.style, folder)
    html = engine.html_from(render(resolve(edition)), "file:///edition/")
    texts = [base_css(), style.custom_properties, *(sheet.text for sheet in style.sheets)]
    return html.render(stylesheets=[CSS(string=text) for text in texts], pdf_variant="pdf/a-3a")


NOTE_LINES = (50, 100, 200, 400)
WORDS_A_LINE = 11


def compare_notes() -> None:
    """Layout alone: with notes that break over pages and without, where none needs to; then one long note."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "short"
        manuscript.save(edition_of(100), path)
        split, plain_ = layout_seconds("split", path), layout_seconds("whole", path)
        print(f"layout of 100 pages: {split:.1f} s, plain {plain_:.1f} s, ratio {split / plain_:.2f}")
        for count in NOTE_LINES:
            path = Path(folder) / str(count)
            manuscript.save(edition_with_note(count), path)
            seconds = layout_seconds("split", path)
            print(
                f"one note of {count} lines: {seconds:.2f} s, {1000 * seconds / count:.1f} ms a line", flush=True
            )


def layout_seconds(how: str, folder: Path) -> float:
    """Seconds of processor time to lay an edition out once, in a process of its own; `split` or `whole` notes."""
    command = [sys.executable, "-m", "tests.bench", "--one", how, str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(json.loads(run.stdout.splitlines()[-1])["seconds"])


def lay_out(how: str, folder: Path) -> None:
    if how == "split":
        from edition.typeset import engine

        engine.install()
    began = time.process_time()
    laid_out(folder)
    print(json.dumps({"seconds": time.process_time() - began}))


def edition_with_note(count: int) -> Edition:
    """Two pages of text, with one note of about so many lines in the middle of the first."""
    chance = random.Random(count)

    def text(words: int) -> Text:
        return Text(" ".join(chance.choices(WORDS, k=words)))

    note = Note("1", (Paragraph((text(count * WORDS_A_LINE),)),))
    called = Paragraph((text(WORDS_A_PAGE // 2), NoteCall("1"), Text(" "), text(WORDS_A_PAGE)))
    return Edition("One note", (Document("d1", (Text("Letter"),), (called,), (note,)),))


def synthetic(sizes: list[int], folder: Path) -> Iterator[tuple[str, Path]]:
    """Editions of about so many pages, of documents of three pages in chapters of thirty, with notes."""
    for pages in sizes:
        path = folder / str(pages)
        manuscript.save(edition_of(pages), path)
        yield f"{pages} pages", path


def edition_of(pages: int) -> Edition:
    chance = random.Random(pages)
    documents = [document(number, chance) for number in range(1, max(2, pages // 3) + 1)]
    chapters = [documents[start : start + 10] for start in range(0, len(documents), 10)]
    divisions = tuple(
        Division("chapter", (Text(f"Chapter {number}"),), tuple(chapter), id=f"ch{number}")
        for number, chapter in enumerate(chapters, 1)
    )
    return Edition("Synthetic", (Generated("title-page"), Generated("contents"), *divisions), year="1900")


def document(number: int, chance: random.Random) -> Document:
    def words(least: int, most: int) -> str:
        chosen = chance.choices(WORDS, k=chance.randint(least, most))
        return " ".join(chosen).capitalize() + "."

    blocks: list[Paragraph | Container] = []
    notes: list[Note] = []
    length = 0
    while length < 3 * WORDS_A_PAGE:
        text = words(30, 140)
        length += len(text.split())
        inlines = [Text(text)]
        if chance.random() < 0.3:
            notes.append(Note(str(len(notes) + 1), (Paragraph((Text(words(6, 40)),)),)))
            inlines = [Text(text), NoteCall(notes[-1].label), Text(" " + words(5, 30))]
        if chance.random() < 0.15:
            page = OriginalPage(str(3 * number + len(blocks) // 4))
            inlines = [
                *inlines,
                Text(" "),
                PageBreak(page, id=f"b{number}-{len(blocks)}"),
                Text(" " + words(5, 20)),
            ]
        blocks.append(Paragraph(tuple(inlines)))
    blocks.append(Container("signed", (Paragraph((Text("A. Proof"),)),)))
    return Document(
        f"d{number}", (Text(f"Document {number}: {words(4, 9)}"),), tuple(blocks), tuple(notes),
        source_note=(Text(f"861.24/{number}"),),
    )  # fmt: skip


if __name__ == "__main__":
    main()
