"""Editions of numbered words with notes in every place, set in both styles and all modes of original pages.

    PYTHONPATH=. python tests/typeset/fuzz.py --notes 20000 --jobs 2

`Maker` makes the edition, `numbered` looks at its finished pages, apart from each other. `real` editions have
notes as long and as many as printed volumes have: 1.1 a page, half of them up to 15 words, one in some hundreds
called from a note. The others go far beyond that, to show what breaks.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, get_args

from weasyprint import CSS
from weasyprint.document import Document as EngineDocument

from edition.model import (
    Block,
    Cell,
    Container,
    Document,
    Edition,
    Emphasis,
    Enclosure,
    Heading,
    Inline,
    Item,
    ItemList,
    Note,
    NoteCall,
    OriginalPage,
    OriginalPages,
    PageBreak,
    Paragraph,
    Quote,
    Row,
    Span,
    StyleChoice,
    Table,
    Text,
)
from edition.render import render
from edition.resolve import resolve
from edition.styles import Sheet, load_style
from edition.typeset import engine, whole
from tests.specimen import pdf_of
from tests.typeset import numbered
from tests.typeset.numbered import Report

NOWHERE = Path("/nonexistent")
STYLES = ("reading", "frus")
MODES: tuple[OriginalPages, ...] = get_args(OriginalPages)
COLUMNS = Sheet(Path("columns.css"), "blockquote { columns: 2 } .postscript { float: left; width: 40% }")
"""What the styles of the house do not use, and others may."""
RUN_IN = (("note-flow", "run-in"),)


@dataclass(frozen=True)
class Kind:
    """How long the notes of an edition are, how many there are, and what else it has."""

    lengths: Sequence[int]
    calls: Sequence[int]
    """Calls in a paragraph of some ninety words, each as likely as the others."""
    elsewhere: float
    """What the chance of a note in heads, cells, datelines and the like is multiplied by."""
    nested: float
    """The chance of a call inside a note."""
    blocks: int


def lengths_in_print(count: int = 400) -> list[int]:
    """Lengths of notes as in print: half of them up to 15 words, one in a hundred over 200, very few over 1000."""
    chance = random.Random(1)
    return [min(2000, max(1, round(chance.lognormvariate(2.7, 1.15)))) for _ in range(count)]


LENGTHS = {
    "short": [1, 3, 5, 10, 20, 40, 80],
    "long": [5, 20, 60, 150, 250, 500],
    "huge": [5, 10, 20, 40, 80, 300, 1000, 2000],
}
DENSITIES = {"sparse": [0, 0, 0, 0, 1], "usual": [0, 0, 1, 1, 2], "dense": [0, 1, 2, 4]}
KINDS = {
    "real": Kind(lengths_in_print(), [0] * 28 + [1] * 8 + [2] * 3 + [4], 0.3, 0.003, 30),
    **{
        f"{length}-{density}": Kind(LENGTHS[length], DENSITIES[density], 1, 0.04, 10)
        for length in LENGTHS
        for density in DENSITIES
    },
}


@dataclass(frozen=True)
class Order:
    """What to make: the same order makes the same edition."""

    seed: int
    kind: str = "real"
    style: str = "reading"
    mode: OriginalPages = "inline"
    columns: bool = False
    run_in: bool = False

    @property
    def with_pdf(self) -> bool:
        """Whether the PDF is written and read as well, which takes as long as all else."""
        return self.seed % 8 == 0

    def __str__(self) -> str:
        return (
            f"{self.seed}-{self.kind}-{self.style}-{self.mode}{'-columns' * self.columns}{'-run-in' * self.run_in}"
        )


class Maker:
    """One random edition of one document."""

    def __init__(self, order: Order, blocks: int | None = None) -> None:
        self.order = order
        self.random = random.Random(str(order))
        self.kind = KINDS[order.kind]
        self.note_words: dict[int, int] = {}
        self.nested: set[int] = set()
        self.called: list[int] = []
        """All notes in the order of their calls, those in a note after it."""
        self.body_words = self.head_words = self.original_page = self.enclosures = 0
        self.notes: list[Note] = []
        """Of the document or enclosure that is being made."""
        self.edition = Edition(
            "Fuzz",
            (self.document(blocks or self.kind.blocks),),
            running_title="Fuzz",
            style=StyleChoice(order.style, RUN_IN * order.run_in),
            original_pages=order.mode,
        )

    @property
    def call_order(self) -> dict[int, int]:
        return {note: place for place, note in enumerate(self.called)}

    # Words

    def tailed(self, word: str) -> str:
        return word + self.random.choice(["x", "x", "lorem", "ipsumdol", "sitametconsec"])

    def words(self, count: int) -> list[str]:
        first, self.body_words = self.body_words, self.body_words + count
        return [self.tailed(f"b{number}") for number in range(first, first + count)]

    def head_word(self) -> str:
        self.head_words += 1
        return self.tailed(f"h{self.head_words - 1}")

    def inlines(self, words: Sequence[str], after: dict[int, list[Inline]]) -> tuple[Inline, ...]:
        """Words as running text, each followed by what stands right behind it."""
        made: list[Inline] = []
        text = ""
        for number, word in enumerate(words):
            text += " " * bool(number) + word
            for inline in after.get(number, ()):
                made += [Text(text), inline] if text else [inline]
                text = ""
        made += [Text(text)] if text else []
        kind = self.random.random()
        if kind < 0.03:
            return (Emphasis(tuple(made)),)
        return (Span("sc", tuple(made)),) if kind < 0.05 else tuple(made)

    # Notes

    def call(self, depth: int = 0) -> NoteCall:
        key = len(self.note_words) + 1
        self.note_words[key] = count = self.random.choice(self.kind.lengths)
        self.called.append(key)
        if depth:
            self.nested.add(key)
        words = [self.tailed(f"q{key}w{number}") for number in range(count)]
        after: dict[int, list[Inline]] = {}
        if depth == 0 and count > 12 and self.random.random() < self.kind.nested:
            after[self.random.randrange(count)] = [self.call(1)]
        if count > 60 and self.random.random() < 0.1:
            after.setdefault(self.random.randrange(count), []).append(self.page_break())
        self.notes.append(Note(str(key), self.note_blocks(words, after)))
        return NoteCall(str(key))

    def maybe_call(self, chance: float) -> list[Inline]:
        return [self.call()] if self.random.random() < chance * self.kind.elsewhere else []

    def note_blocks(self, words: list[str], after: dict[int, list[Inline]]) -> tuple[Block, ...]:
        kind = self.random.random() if len(words) >= 20 else 1.0
        half = len(words) // 2
        rest = words[half:]
        later = {number - half: inlines for number, inlines in after.items() if number >= half}
        first = Paragraph(self.inlines(words[:half], {n: made for n, made in after.items() if n < half}))
        if kind < 0.1:
            return first, Paragraph(self.inlines(rest, later))
        if kind < 0.2:
            return first, Quote((Paragraph(self.inlines(rest, later)),))
        if kind < 0.3:
            pieces = self.pieces(rest, later, 7)
            return first, ItemList(tuple(Item((Paragraph(piece),)) for piece in pieces))
        if kind < 0.37:
            pieces = self.pieces(rest, later, 2)
            return first, Table(tuple(Row((Cell((Paragraph(piece),)),)) for piece in pieces))
        return (Paragraph(self.inlines(words, after)),)

    def pieces(self, words: list[str], after: dict[int, list[Inline]], size: int) -> Iterator[tuple[Inline, ...]]:
        for start in range(0, len(words), size):
            here = {n - start: made for n, made in after.items() if start <= n < start + size}
            yield self.inlines(words[start : start + size], here)

    # Text

    def page_break(self) -> PageBreak:
        self.original_page += 1
        return PageBreak(OriginalPage(str(self.original_page)))

    def run(self, count: int, calls: int = 0) -> tuple[Inline, ...]:
        words = self.words(count)
        after: dict[int, list[Inline]] = {}
        for place in sorted(self.random.randrange(count) for _ in range(calls)):
            after.setdefault(place, []).append(self.call())
        return self.inlines(words, after)

    def titled(self, count: int, chance: float) -> tuple[Inline, ...]:
        """A short text, perhaps with a call at its end."""
        return (*self.run(count), *self.maybe_call(chance))

    def text(self, count: int | None = None) -> Paragraph:
        """A paragraph, perhaps with an original page's beginning, in mid-word too."""
        count = count or self.random.randint(20, 160)
        words = self.words(count)
        after: dict[int, list[Inline]] = {}
        for place in sorted(self.random.randrange(count) for _ in range(self.random.choice(self.kind.calls))):
            after.setdefault(place, []).append(self.call())
        if self.random.random() < 0.2:
            place = self.random.randrange(1, count - 1)
            after.setdefault(place, []).insert(self.random.randint(0, 1), self.page_break())
        return Paragraph(self.inlines(words, after))

    # Blocks

    def document(self, blocks: int) -> Document:
        source_note, title = self.titled(2, 0.3), self.titled(4, 0.6)  # in this order on the page
        headnote = self.titled(12, 0.2) if self.random.random() < 0.3 else ()
        makers = [self.text] * 12 + [self.head, self.quote, self.item_list, self.labelled_list, self.table]
        makers += [self.parallel_table, self.opening, self.closer, self.verse, self.enclosure, self.break_block]
        made = tuple(
            self.random.choice(makers)() for _ in range(self.random.randint(max(1, blocks - 4), blocks + 4))
        )
        return Document("d1", title, made, tuple(self.notes), source_note=source_note, headnote=headnote,
                        running_title="Fuzz")  # fmt: skip

    def head(self) -> Heading:
        return Heading(self.random.randint(1, 2), self.titled(3, 0.7))

    def quote(self) -> Quote:
        return Quote((self.text(60), self.text(40)))

    def item_list(self) -> ItemList:
        return ItemList(tuple(Item((self.text(30),)) for _ in range(4)))

    def labelled_list(self) -> ItemList:
        return ItemList(tuple(Item(label=self.titled(1, 0.2), blocks=(self.text(40),)) for _ in range(3)))

    def opening(self) -> Container:
        return Container(self.random.choice(["dateline", "salute", "address"]), (Paragraph(self.titled(5, 0.5)),))

    def closer(self) -> Container:
        kind = self.random.choice(["closer", "signed", "postscript"])
        return Container(kind, (Paragraph(self.titled(8, 0.5)),))

    def verse(self) -> Container:
        return Container("verse", tuple(Paragraph(self.titled(20, 0.2)) for _ in range(2)))

    def break_block(self) -> PageBreak:
        return self.page_break()

    def enclosure(self) -> Enclosure:
        outer, self.notes = self.notes, []
        blocks = (Heading(1, self.titled(2, 0.5)), self.text(), self.text())
        notes, self.notes = tuple(self.notes), outer
        return Enclosure(blocks, notes)

    def cell(self, count: int, chance: float) -> Cell:
        return Cell((Paragraph(self.titled(count, chance)),))

    def table(self) -> Table:
        caption = self.titled(2, 0.2)
        heads = tuple(Cell((Paragraph((Text(self.head_word()), *self.maybe_call(0.2))),)) for _ in range(2))
        rows: list[Row | PageBreak] = [Row(heads)]
        for _ in range(self.random.choice([3, 8, 15])):
            rows.append(Row((self.cell(18, 0.3), self.cell(2, 0.15))))
            if self.random.random() < 0.05:
                rows.append(self.page_break())
        return Table(tuple(rows), head_rows=1, caption=caption)

    def parallel_table(self) -> Table:
        """Two columns of running text side by side, as bilingual documents have them."""
        return Table((Row(tuple(Cell((self.text(150), self.text(60))) for _ in range(2))),))


# Setting and checking


@contextmanager
def page_boxes(*, with_pdf: bool = True) -> Iterator[list[Any]]:
    """The engine's boxes of the pages that are set meanwhile."""
    kept: list[Any] = []
    page_from, write_pdf = whole.page_from, EngineDocument.write_pdf

    def keep(index: int, drawn: Any) -> Any:
        kept.append(drawn._page_box)
        return page_from(index, drawn)

    def leave_out(self: Any, **_: Any) -> bytes:
        self.labels = None
        return b""

    whole.page_from = keep
    if not with_pdf:
        EngineDocument.write_pdf = leave_out
    try:
        yield kept
    finally:
        whole.page_from, EngineDocument.write_pdf = page_from, write_pdf


def run(order: Order, blocks: int | None = None) -> Report:
    """Make, set and check one edition."""
    try:
        return outcome(Maker(order, blocks))
    except Exception as error:
        report = Report()
        place = traceback.extract_tb(error.__traceback__)[-1]
        report.fault(f"crash: {type(error).__name__}: {error} in {place.name}:{place.lineno}")
        return report


def outcome(made: Maker) -> Report:
    """What is wrong with an edition's pages, in its boxes, in its PDF and in what typesetting found."""
    style = load_style(made.edition.style, NOWHERE)
    if made.order.columns:
        style = replace(style, sheets=(*style.sheets, COLUMNS))
    with page_boxes(with_pdf=made.order.with_pdf) as boxes:
        paged = whole.typeset_whole(render(resolve(made.edition)), style, NOWHERE)
    sheets = numbered.read(boxes)
    report = numbered.check(made, sheets)
    if made.order.with_pdf:
        report.count("pages read by pdfium", number=len(sheets))
        numbered.check_pdf(sheets, pdf_of(paged), report)
    told = {numbered.note_key(finding.about) for finding in paged.findings if finding.code == "T002"}
    for note in told ^ report.late:
        report.fault("late and not reported" if note in report.late else "reported and not late", note)
    for finding in paged.findings:
        if finding.code != "T002":
            report.fault(str(finding))
    group = "real" if made.order.kind == "real" else "other"
    for kind in ("documents", "notes", "pages", "late"):
        report.count(f"{kind}, {group}", number=report.counts[kind])
    return report


def lay_out(xhtml: str, css: str) -> list[Any]:
    """The engine's page boxes of any document with a sheet of its own."""
    engine.install()
    html = engine.html_from(xhtml, "file:///nowhere/")
    return [page._page_box for page in html.render(stylesheets=[CSS(string=css)]).pages]


def orders(first: int = 0) -> Iterator[Order]:
    """All kinds, styles and modes in turn; four of real volumes for one of the others."""
    others = [kind for kind in KINDS if kind != "real"]
    for seed in range(first, sys.maxsize):
        for number, (style, mode) in enumerate((style, mode) for style in STYLES for mode in MODES):
            for real in range(4):
                yield Order(4 * seed + real, "real", style, mode, run_in=real % 2 == 1)
            other = others[(seed * 8 + number) % len(others)]
            yield Order(seed, other, style, mode, columns=seed % 3 == 2, run_in=seed % 2 == 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notes", type=int, default=20000, help="how many notes to set, at least")
    parser.add_argument("--minutes", type=float, default=600, help="after which to stop, whatever was set")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--kind", choices=list(KINDS))
    parser.add_argument("--style", choices=STYLES)
    parser.add_argument("--mode", choices=MODES)
    options = parser.parse_args()

    def chosen(order: Order) -> bool:
        wanted = {name: value for name, value in vars(options).items() if name in vars(order)}
        return all(value in (None, getattr(order, name)) for name, value in wanted.items())

    began = time.monotonic()
    total = sum_up(filter(chosen, orders(options.first)), options.notes, options.jobs, 60 * options.minutes)
    return tell(total, time.monotonic() - began)


def sum_up(chosen: Iterator[Order], notes: int, jobs: int, seconds: float) -> Report:
    """Run editions until they have so many notes, or the time is over."""
    from multiprocessing import Pool

    total, began = Report(), time.monotonic()
    with Pool(jobs, maxtasksperchild=200) as pool:
        while total.counts["notes"] < notes and time.monotonic() - began < seconds:
            batch = list(islice(chosen, jobs * 20))
            for order, report in zip(batch, pool.imap(run, batch), strict=True):
                total.add(report, (str(order),))
                if report.faults:
                    print(order, dict(report.faults), report.first, file=sys.stderr)
            print(f"{total.counts['notes']} notes, {sum(total.faults.values())} faults", file=sys.stderr)
    return total


def tell(total: Report, seconds: float) -> int:
    for name, counter in (("counts", total.counts), ("faults", total.faults)):
        print(name)
        for kind, number in sorted(counter.items()):
            print(f"  {number:7} {kind}  {total.first.get(kind, '')}")
    for group in ("", ", real", ", other"):
        late, notes = total.counts[f"late{group}"], total.counts[f"notes{group}"]
        print(f"late{group}: {late} of {notes}, {late / max(1, notes):.2%}")
    print(f"{seconds:.0f} s")
    return 1 if total.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
