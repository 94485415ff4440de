"""Documents of numbered words with notes in every place, and what must hold of their pages.

`Maker` writes the XHTML, `read` and `faults` look at the finished pages, apart from each other: pages of any
other maker that numbers its words in the same way can be checked as well. As a program:

    python tests/typeset/fuzz.py --notes 20000

Every word says where it belongs: `b17` is the 17th of the text, `q3w5` the 5th of the third note, `h2` stands in
a table head or foot, which the engine repeats. Letters behind the number only give it a length.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from weasyprint.formatting_structure import boxes

from edition.typeset import engine

STYLE = """
@page { size: 140mm 190mm; margin: 15mm;
  @footnote { border-top: .4pt solid; padding-top: 3pt; margin-top: 6pt; max-height: 62% } }
html { font: 10pt/12pt serif; text-align: justify; hyphens: manual }
p { margin: 0; text-indent: 1em; orphans: 2; widows: 2 }
h1, h2 { font-size: 12pt; line-height: 12pt; margin: 12pt 0; break-after: avoid }
h1 { break-before: page }
table { border-collapse: collapse; margin: 6pt 0 }
td, th { border: .3pt solid; padding: 1pt; vertical-align: top }
figure { margin: 6pt 0; break-inside: avoid }
figure div { height: 30mm; background: #ccc }
.whole { break-inside: avoid; border: 1px solid }
.columns { columns: 2 }
.aside { float: left; width: 40mm; margin-right: 3mm }
.break { break-before: page; text-indent: 0 }
a.call { vertical-align: super; font-size: 70%; line-height: 0 }
aside.note { float: footnote; footnote-display: block; footnote-policy: line; orphans: 2; widows: 2;
  font-size: 8pt; line-height: 9.5pt }
aside.note p, aside.note ul { margin: 0 }
aside.note blockquote { margin: 3pt 1em }
aside.note::footnote-call, aside.note::footnote-marker { content: "" }
"""

LENGTHS = {
    "short": [1, 3, 5, 10, 20, 40, 80],
    "long": [5, 20, 60, 150, 250, 500],
    "huge": [5, 10, 20, 40, 80, 300, 1000, 2000],
    "real": [5, 8, 10, 15, 20, 30, 40, 60, 80, 120, 200, 400, 900],
}
DENSITIES = {"sparse": [0, 0, 0, 0, 1], "usual": [0, 0, 1, 1, 2], "dense": [0, 1, 2, 4]}
CONTEXTS = ("plain", "mixed", "tables", "columns")


class Maker:
    """One random document, the same for the same arguments."""

    def __init__(self, seed: int, context: str, lengths: str, density: str, blocks: int = 18) -> None:
        self.random = random.Random(f"{seed} {context} {lengths} {density}")
        self.context = context
        self.lengths, self.density = LENGTHS[lengths], DENSITIES[density]
        self.note_words: dict[int, int] = {}
        self.nested: set[int] = set()
        self.body_words = 0
        self.head_words = 0
        makers = list(self._makers())
        count = self.random.randint(blocks - 5, blocks + 8)
        self.body = "".join(self.random.choice(makers)() for _ in range(count))

    @property
    def call_order(self) -> dict[int, int]:
        """The place of each note in the order of the calls, those in a note after it."""
        calls = re.findall(r'class="call" id="n(\d+)-r1"', self.body)
        return {int(note): place for place, note in enumerate(calls)}

    @property
    def xhtml(self) -> str:
        return f'<html lang="en"><head><title>fuzz</title></head><body>{self.body}</body></html>'

    def _makers(self) -> Iterator[Callable[[], str]]:
        if self.context == "plain":
            yield self.paragraph
            return
        yield from [self.paragraph] * 8
        if self.context == "columns":
            yield from [self.columns] * 2
        if self.context == "tables":
            yield from [self.table] * 5
            yield from [self.parallel_table] * 2
        yield from [self.head, self.head, self.quote, self.list, self.whole, self.table, self.table]
        yield from [self.figure, self.chapter, self.facsimile, self.float]

    # Words and notes

    def words(self, count: int) -> list[str]:
        first, self.body_words = self.body_words, self.body_words + count
        return [f"b{number}{self.tail(number)}" for number in range(first, first + count)]

    def heads(self, count: int) -> str:
        first, self.head_words = self.head_words, self.head_words + count
        return " ".join(f"h{number}" for number in range(first, first + count))

    def tail(self, number: int) -> str:
        return self.random.choice(["x", "x", "lorem", "ipsumdol", "sitametconsec"])

    def note(self, depth: int = 0) -> str:
        key = len(self.note_words) + 1
        count = self.random.choice(self.lengths)
        self.note_words[key] = count
        if depth:
            self.nested.add(key)
        words = [f"q{key}w{number}{self.tail(number)}" for number in range(count)]
        if depth == 0 and count > 20 and self.random.random() < 0.06:
            words[self.random.randrange(count)] += self.note(1)
        call = f'<a class="call" id="n{key}-r1" href="#n{key}">{key}</a>'
        return f'{call}<aside class="note" id="n{key}">{self.note_blocks(key, words)}</aside>'

    def note_blocks(self, key: int, words: list[str]) -> str:
        mark = f'<a class="mark" href="#n{key}-r1">{key}</a> '
        half, rest = words[: len(words) // 2], words[len(words) // 2 :]
        kind = self.random.random() if len(words) >= 20 else 1.0
        first = f"<p>{mark}{' '.join(half)}</p>"
        if kind < 0.1:
            return f"{first}<p>{' '.join(rest)}</p>"
        if kind < 0.17:
            items = (rest[start : start + 7] for start in range(0, len(rest), 7))
            return first + "<ul>" + "".join(f"<li>{' '.join(item)}</li>" for item in items) + "</ul>"
        if kind < 0.24:
            rows = (rest[start : start + 3] for start in range(0, len(rest), 3))
            cells = ("".join(f"<td>{word}</td>" for word in row) for row in rows)
            return first + "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"
        if kind < 0.35:
            return f"{first}<blockquote><p><i>{' '.join(rest)}</i></p></blockquote>"
        return f"<p>{mark}{' '.join(words)}</p>"

    def maybe_note(self, chance: float) -> str:
        return self.note() if self.random.random() < chance else ""

    # Blocks

    def run(self, count: int, notes: int | None = None) -> str:
        words = self.words(count)
        for _ in range(self.random.choice(self.density) if notes is None else notes):
            words[self.random.randrange(count)] += self.note()
        return " ".join(words)

    def paragraph(self, count: int | None = None) -> str:
        return f"<p>{self.run(count or self.random.randint(20, 160))}</p>"

    def head(self) -> str:
        return f"<h2>{self.run(3, 0)}{self.maybe_note(0.7)}</h2>{self.paragraph()}"

    def chapter(self) -> str:
        side = self.random.choice(["page", "page", "right", "left"])
        return f'<h1 style="break-before: {side}">{self.run(2, 0)}{self.maybe_note(0.4)}</h1>{self.paragraph()}'

    def quote(self) -> str:
        return f"<blockquote>{self.paragraph(60)}{self.paragraph(40)}</blockquote>"

    def list(self) -> str:
        return "<ul>" + "".join(f"<li>{self.paragraph(30)}</li>" for _ in range(4)) + "</ul>"

    def whole(self) -> str:
        return f'<div class="whole">{self.paragraph(80)}{self.paragraph(40)}</div>'

    def figure(self) -> str:
        caption = f"<figcaption>{self.run(2, 0)}{self.maybe_note(0.7)}</figcaption>"
        return f"<figure><div></div>{caption}</figure>"

    def float(self) -> str:
        return f'<div class="aside"><p>{self.run(30, 0)}{self.maybe_note(0.5)}</p></div>{self.paragraph(90)}'

    def facsimile(self) -> str:
        before, after = self.run(40, 0) + self.maybe_note(0.7), self.run(50, 0) + self.maybe_note(0.5)
        return f'<p>{before}</p><p class="break">{after}</p>'

    def columns(self) -> str:
        return f'<div class="columns">{self.paragraph(80)}{self.paragraph(80)}</div>'

    def table(self) -> str:
        caption = f"<caption>{self.run(2, 0)}{self.maybe_note(0.2)}</caption>"
        head = f"<thead><tr><th>{self.heads(1)}{self.maybe_note(0.2)}</th><th>{self.heads(1)}</th></tr></thead>"
        foot = ""
        if self.random.random() < 0.3:
            foot = f"<tfoot><tr><td>{self.heads(1)}</td><td>{self.heads(1)}</td></tr></tfoot>"
        rows = "".join(
            f"<tr><td>{self.run(18, 0)} {self.maybe_note(0.3)}</td>"
            f"<td>{self.run(2, 0)}{self.maybe_note(0.15)}</td></tr>"
            for _ in range(self.random.choice([3, 8, 15]))
        )
        return f"<table>{caption}{head}<tbody>{rows}</tbody>{foot}</table>"

    def parallel_table(self) -> str:
        """Two columns of running text side by side, as bilingual documents have them."""
        cells = "".join(f"<td>{self.paragraph(150)}{self.paragraph(60)}</td>" for _ in range(2))
        return f"<table><tbody><tr>{cells}</tr></tbody></table>"


# What stands on the pages

LONGEST = "most pages of a note"


@dataclass
class SetLine:
    """A line on a page."""

    top: float
    bottom: float
    calls: list[int]
    text_words: list[int]
    note_words: list[tuple[int, int]]


@dataclass
class Sheet:
    """A page as it was set."""

    top: float
    bottom: float
    text: list[SetLine] = field(default_factory=list)
    notes: list[SetLine] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)


def read(pages: list[Any]) -> list[Sheet]:
    """The lines on the engine's page boxes, text and notes apart."""
    sheets = []
    for page in pages:
        sheet = Sheet(page.content_box_y(), page.content_box_y() + page.height)
        for child in page.children:
            if not isinstance(child, boxes.MarginBox):
                into = sheet.notes if isinstance(child, boxes.FootnoteAreaBox) else sheet.text
                _read_lines(child, into, sheet)
        sheets.append(sheet)
    return sheets


def _read_lines(box: Any, into: list[SetLine], sheet: Sheet) -> None:
    if isinstance(box, boxes.LineBox):
        calls = [c.footnote for c in box.descendants() if c.footnote is not None]
        text = " ".join(c.text for c in box.descendants() if isinstance(c, boxes.TextBox))
        into.append(
            SetLine(
                box.position_y,
                box.position_y + box.height,
                [int(call.element.get("id")[1:]) for call in calls],
                [int(number) for number in re.findall(r"\bb(\d+)[a-z]", text)],
                [(int(a), int(b)) for a, b in re.findall(r"\bq(\d+)w(\d+)[a-z]", text)],
            )
        )
        sheet.heads.extend(int(number) for number in re.findall(r"\bh(\d+)\b", text))
        return
    for child in getattr(box, "children", ()):
        _read_lines(child, into, sheet)


@dataclass
class Report:
    """What was found wrong in a document, and what is only worth counting."""

    faults: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, Any] = field(default_factory=dict)

    def fault(self, kind: str, what: Any = None) -> None:
        self.faults[kind] += 1
        self.first.setdefault(kind, what)

    def count(self, kind: str, what: Any = None, number: int = 1) -> None:
        self.counts[kind] += number
        self.first.setdefault(kind, what)

    def add(self, other: Report, where: Any) -> None:
        self.faults += other.faults
        longest = max(self.counts[LONGEST], other.counts[LONGEST])
        self.counts += other.counts
        self.counts[LONGEST] = longest
        for kind, what in other.first.items():
            self.first.setdefault(kind, (*where, what))


def check(made: Any, sheets: list[Sheet]) -> Report:
    """What is wrong on the pages of a document with numbered words.

    `made` has `note_words` (how many words each note has), `call_order`, `nested`, `body_words` and `head_words`.
    """
    report = Report()
    report.count("documents")
    report.count("pages", number=len(sheets))
    report.count("notes", number=len(made.note_words))
    for number, sheet in enumerate(sheets):
        _check_sheet(sheet, number, report)
    _check_text(made, sheets, report)
    _check_notes(made, sheets, report)
    return report


def _check_sheet(sheet: Sheet, number: int, report: Report) -> None:
    for kind, set_lines in (("text", sheet.text), ("note", sheet.notes)):
        for line in set_lines:
            if line.bottom > sheet.bottom + 1:
                report.fault(f"{kind} below the page", number + 1)
            if line.top < sheet.top - 1:
                report.fault(f"{kind} above the page", number + 1)
    text_end = max((line.bottom for line in sheet.text), default=sheet.top)
    notes_top = min((line.top for line in sheet.notes), default=sheet.bottom)
    if text_end > notes_top + 1:
        report.fault("notes over text", number + 1)
    if any(line.note_words for line in sheet.text):
        report.fault("note in the text", number + 1)
    if sheet.notes and not sheet.text:
        report.count("pages of notes alone", number + 1)


def _check_text(made: Any, sheets: list[Sheet], report: Report) -> None:
    found = Counter(word for sheet in sheets for line in sheet.text for word in line.text_words)
    for word in range(made.body_words):
        if not found[word]:
            report.fault("word of the text lost", word)
        elif found[word] > 1:
            report.fault("word of the text doubled", word)
    seen = {head for sheet in sheets for head in sheet.heads}
    for head in range(made.head_words):
        if head not in seen:
            report.fault("word of a table head lost", head)


def _check_notes(made: Any, sheets: list[Sheet], report: Report) -> None:
    called: dict[int, int] = {}
    words: dict[int, list[int]] = defaultdict(list)
    on: dict[int, list[int]] = defaultdict(list)
    for number, sheet in enumerate(sheets):
        for line in [*sheet.text, *sheet.notes]:
            for call in line.calls:
                called.setdefault(call, number)
        for line in sheet.notes:
            for note, word in line.note_words:
                words[note].append(word)
                if number not in on[note]:
                    on[note].append(number)
    place = made.call_order
    for number in range(len(sheets)):
        order = [note for note, pages in on.items() if number in pages]
        # Where a float moved to a later page than the text after it, both orders are right.
        by_place = sorted(order, key=lambda note: place[note])
        by_page = sorted(order, key=lambda note: (called.get(_caller(made, note), 0), place[note]))
        if order not in (by_place, by_page):
            report.fault("notes out of order on a page", number + 1)
    for note, count in made.note_words.items():
        _check_note(note, count, words[note], on[note], called.get(note), report)
        if note in called and on[note] and on[note][0] > called[note]:
            report.count("late", note)
            report.count(f"late: {_why_late(made, note, sheets[called[note]])}", note)


def _caller(made: Any, note: int) -> int:
    """The note that calls a nested one, which stands before it; else the note itself."""
    if note not in made.nested:
        return note
    place = made.call_order
    return next(other for other, number in place.items() if number == place[note] - 1)


def _check_note(
    note: int, count: int, words: list[int], on: list[int], called: int | None, report: Report
) -> None:
    if called is None:
        report.fault("call lost", note)
    if not words:
        report.fault("note lost", note)
        return
    if words != list(range(count)):
        report.fault("words of a note lost, doubled or moved", note)
    if called is not None and on[0] < called:
        report.fault("note before its call", note)
    if on != list(range(on[0], on[0] + len(on))):
        report.fault("note torn", note)
    if len(on) > 1:
        report.count("notes over several pages", note)
        report.counts[LONGEST] = max(report.counts[LONGEST], len(on))


def _why_late(made: Any, note: int, sheet: Sheet) -> str:
    if note in made.nested:
        return "called from a note"
    mine = next((line for line in sheet.text if note in line.calls), None)
    if mine is None:
        return "called elsewhere"
    first = min(line.top for line in sheet.text if line.text_words or line.calls)
    if mine.top < first + 2:
        return "later call of the first line" if mine.calls[0] != note else "first line"
    return "later call of a line" if mine.calls[0] != note else "other"


def lay_out(xhtml: str, style: str = STYLE) -> list[Any]:
    """The engine's page boxes of a document."""
    engine.install()
    from weasyprint import CSS

    html = engine.html_from(xhtml, "file:///nowhere/")
    return [page._page_box for page in html.render(stylesheets=[CSS(string=style)]).pages]


def plan(notes: int) -> Iterator[tuple[int, str, str, str]]:
    """Arguments of documents, all kinds in turn, enough for about so many notes."""
    seed = 0
    while True:
        for context in CONTEXTS:
            for lengths in LENGTHS:
                for density in DENSITIES:
                    yield seed, context, lengths, density
        seed += 1


def run(arguments: tuple[int, str, str, str]) -> Report:
    """Make, lay out and check one document."""
    made = Maker(*arguments)
    try:
        return check(made, read(lay_out(made.xhtml)))
    except Exception as error:
        report = Report()
        place = traceback.extract_tb(error.__traceback__)[-1]
        report.fault(f"crash: {type(error).__name__}: {error} in {place.name}:{place.lineno}")
        return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notes", type=int, default=20000, help="how many notes to set, at least")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    parser.add_argument("--context", choices=CONTEXTS)
    parser.add_argument("--lengths", choices=list(LENGTHS))
    parser.add_argument("--density", choices=list(DENSITIES))
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    options = parser.parse_args()
    from multiprocessing import Pool

    engine.install()
    total, started = Report(), time.monotonic()
    chosen = (
        (seed + options.first, context, lengths, density)
        for seed, context, lengths, density in plan(options.notes)
        if options.context in (None, context)
        and options.lengths in (None, lengths)
        and options.density in (None, density)
    )
    batch: list[Any] = []
    with Pool(options.jobs) as pool:
        while total.counts["notes"] < options.notes:
            print(f"{total.counts['notes']} notes, {sum(total.faults.values())} faults", file=sys.stderr)
            batch = [next(chosen) for _ in range(options.jobs * 4)]
            for arguments, report in zip(batch, pool.imap(run, batch), strict=True):
                total.add(report, arguments)
    seconds = time.monotonic() - started
    for name, counter in (("counts", total.counts), ("faults", total.faults)):
        print(name)
        for kind, number in sorted(counter.items()):
            print(f"  {number:7} {kind}  {total.first.get(kind, '')}")
    late = total.counts["late"] / max(1, total.counts["notes"])
    print(f"late {late:.2%}, {seconds:.0f} s")
    return 1 if total.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
