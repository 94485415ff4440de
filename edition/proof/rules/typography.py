"""Rules of the typeset page: where lines, words and heads stand that a compositor would not leave there.

Each is given a run of consecutive pages with their lines; the folio of a finding is the page's number in that run.
What is drawn wrongly (no glyph, a strange face, text that sticks out) is for the proof to find, which looks at every
build (C020 to C027).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from statistics import median
from typing import NamedTuple, TypeAlias

from edition.findings import Severity
from edition.proof.rules.registry import Checks, Hit
from edition.proof.runs import HEADS, PageLines, Run, SetLine

RunChecks: TypeAlias = Checks[Run, None]
runs = RunChecks()

LOOSE = 2.0
TIGHT = 0.6
"""How wide spaces may be at most and at least, as a multiple of the face's own: half an em and a seventh of one in
a face whose space is a quarter. Bringhurst (The Elements of Typographic Style, 2.1.1) gives M/2 and M/5."""
OVERFULL = 3.0
"""Points by which a line may stick out beyond the others of its paragraph: points and quotes that hang."""
GIVEN = 0.005
"""By how many sizes the spaces of justified lines differ."""
RIVER = 5
"""In how many lines in a row spaces must stand under one another to be a river."""
WIDE = 1.3
"""How wide the spaces of a river are at least, on average, as a multiple of the face's own."""
LEAST_DPI = 300


def _hit(run: Run, line: SetLine, message: str, hint: str | None = None) -> Hit:
    return Hit(line.place, message, hint, str(line.page), line.number)


def _is_text(block: list[SetLine]) -> bool:
    """Whether lines are those of a paragraph, not of a cell, a head or a label."""
    return not block[0].in_cell and block[0].tag not in HEADS and block[0].tag != "span"


@runs.rule("T101", Severity.WARNING)
def widow(run: Run, _: None) -> Iterator[Hit]:
    """The last line of a paragraph stands alone at the top of a page.

    A widow. Styles ask for two lines (`widows: 2`); where the engine cannot have them, a word more or less in the
    paragraph, or a line taken over on the page before, helps.
    """
    for block in run.blocks:
        last = block[-1]
        alone = len(block) > 1 and block[-2].page != last.page
        if alone and last.is_last and _is_text(block):
            yield _hit(run, last, f"the last line of a paragraph stands alone: “{_short(last.said)}”")


@runs.rule("T102", Severity.WARNING)
def orphan(run: Run, _: None) -> Iterator[Hit]:
    """The first line of a paragraph stands alone at the foot of a page.

    An orphan. Styles ask for two lines (`orphans: 2`).
    """
    for block in run.blocks:
        first = block[0]
        if len(block) > 1 and block[1].page != first.page and first.is_first and _is_text(block):
            yield _hit(run, first, f"the first line of a paragraph stands alone: “{_short(first.said)}”")


@runs.rule("T103", Severity.WARNING)
def short_last_line(run: Run, _: None) -> Iterator[Hit]:
    """The last line of a paragraph is shorter than the indent of the next.

    Between two indented paragraphs it leaves a hole. Where paragraphs have no indent, a line of less than one and
    a half em counts. A word more or less in the paragraph helps.
    """
    for block in run.blocks:
        last = block[-1]
        if len(block) < 2 or not last.is_last or not _is_text(block) or not _is_justified(run, block):
            continue
        (first, _end), (second, _end) = map(run.edges, block[:2])
        least = first - second if first - second > 0.5 * last.size else 1.5 * last.size
        if last.right - last.left < least and run.edges(last)[0] <= run.edges(block[-2])[0] + 1:
            yield _hit(run, last, f"the last line of a paragraph is only “{last.said}”")


@runs.rule("T104", Severity.WARNING)
def hyphens_in_a_row(run: Run, _: None) -> Iterator[Hit]:
    """More than three lines in a row end with a hyphen.

    A ladder. A word more or less in the paragraph helps, or a soft hyphen in another place.
    """
    for block in run.blocks:
        for divided, lines in groupby(block, lambda line: line.is_divided):
            found = list(lines)
            if divided and len(found) > 3:
                yield _hit(run, found[0], f"{len(found)} lines in a row end with a hyphen")


@runs.rule("T105", Severity.INFO)
def hyphen_at_the_end_of_a_recto(run: Run, _: None) -> Iterator[Hit]:
    """The last word of a right page is divided.

    The reader must turn the leaf in the middle of a word. Only right pages are told of: which they are, the whole
    book knows.
    """
    for page in run.pages:
        last = _last_line(page)
        if last is not None and last.is_divided and not last.in_cell:
            yield _hit(run, last, f"the word “{last.wholes[-1].text}” is divided at the end of the page")


@runs.rule("T106", Severity.INFO)
def same_word_at_the_edge(run: Run, _: None) -> Iterator[Hit]:
    """Three lines in a row begin or end with the same word.

    The eye slips from one line into another, the more so where lines begin alike (Bringhurst, The Elements of
    Typographic Style, 2.4). In English it happens to “the” every fifty pages or so. A word more or less in the
    paragraph helps.
    """
    for block in run.blocks:
        if block[0].in_cell or not _is_justified(run, block):
            continue
        for side in ("begin", "end"):
            for (word, _at), lines in groupby(block, lambda line, side=side: _at_edge(run, line, side)):  # type: ignore[misc]  # side is a str
                found = list(lines)
                if word and len(found) > 2:
                    yield _hit(run, found[0], f"{len(found)} lines in a row {side} with “{word}”")


def _at_edge(run: Run, line: SetLine, side: str) -> tuple[str, float]:
    """The word at an edge of a justified line, and what tells where the edge is: an indent and a last line move it."""
    if side == "begin":
        return _bare(line.wholes[0].text), round(run.edges(line)[0])
    return _bare(line.wholes[-1].text), line.is_last


@runs.rule("T107", Severity.WARNING)
def loose_line(run: Run, _: None) -> Iterator[Hit]:
    """The spaces of a line are more than twice as wide as the face has them.

    The line has too little in it to fill the measure: a long word after it could not be divided, or the measure is
    narrow. A soft hyphen in the long word helps, or `line-breaking: full`.
    """
    for line in _lines(run):
        if (stretch := line.stretch) is not None and stretch > LOOSE and not line.in_cell:
            yield _hit(run, line, f"the spaces are {stretch:.1f} times as wide as usual: “{_short(line.said)}”")


@runs.rule("T108", Severity.WARNING)
def tight_line(run: Run, _: None) -> Iterator[Hit]:
    """The spaces of a line are less than six tenths as wide as the face has them.

    Words run together for the eye. The builder's own lines never are so tight: a style narrows spaces.
    """
    for line in _lines(run):
        if (stretch := line.stretch) is not None and stretch < TIGHT and not line.in_cell:
            yield _hit(run, line, f"the spaces are {stretch:.2f} times as wide as usual: “{_short(line.said)}”")


@runs.rule("T109", Severity.INFO)
def river(run: Run, _: None) -> Iterator[Hit]:
    """Wide spaces stand under one another in five lines or more.

    A river of white runs through the paragraph: each space lies under at least half of the one above it, and on
    average they are wide. A word more or less in the paragraph helps.
    """
    for block in run.blocks:
        if _is_text(block) and not block[0].in_notes:
            for _page, lines in groupby(block, lambda line: line.page):
                yield from _rivers(run, list(lines))


class _Flow(NamedTuple):
    """Spaces under one another: where they begin, in how many lines, the last one, the sum of their widths."""

    begun: SetLine
    lines: int
    gap: tuple[float, float]
    width: float


def _rivers(run: Run, lines: list[SetLine]) -> Iterator[Hit]:
    """The longest river that begins in each line."""
    flows: list[_Flow] = []
    ended: list[_Flow] = []
    for line in lines:
        gaps = list(line.gaps) if line.space else []
        going: list[_Flow] = []
        for flow in flows:
            left, right = flow.gap
            under = next((gap for gap in gaps if _shared(flow.gap, gap) > 0.5 * (right - left)), None)
            if under is None:
                ended.append(flow)
                continue
            width = (under[1] - under[0]) / line.space
            going.append(flow._replace(lines=flow.lines + 1, gap=under, width=flow.width + width))
            gaps.remove(under)
        flows = going + [_Flow(line, 1, gap, (gap[1] - gap[0]) / line.space) for gap in gaps]
    longest: dict[int, _Flow] = {}
    for flow in (*ended, *flows):
        if flow.lines >= RIVER and flow.width / flow.lines > WIDE:
            before = longest.get(flow.begun.number)
            longest[flow.begun.number] = max(before or flow, flow, key=lambda one: one.lines)
    for flow in longest.values():
        yield _hit(run, flow.begun, f"a river of white runs down {flow.lines} lines")


def _shared(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How much two stretches have in common."""
    return min(one[1], other[1]) - max(one[0], other[0])


@runs.rule("T110", Severity.WARNING)
def overfull_line(run: Run, _: None) -> Iterator[Hit]:
    """A line is longer than the others of its paragraph.

    It could not be broken so that it fits. What sticks out of the whole text area is told as C023.
    """
    for block in run.blocks:
        if len(block) < 4 or block[0].in_cell or not _is_justified(run, block):
            continue
        usual = median(run.edges(line)[1] for line in block[:-1])
        for line in block:
            beyond = run.edges(line)[1] - usual
            if beyond > OVERFULL and line.right <= run.page[line.page].text_area[2] + 2.0:
                yield _hit(
                    run, line, f"the line is longer than its paragraph by {beyond:.0f} pt: “{_short(line.said)}”"
                )


@runs.rule("T111", Severity.WARNING)
def head_at_the_foot(run: Run, _: None) -> Iterator[Hit]:
    """A head stands at the foot of a page with nothing below it.

    One head, or several: what they stand over begins on the next page. Styles keep heads with what follows
    (`break-after: avoid`).
    """
    for page in run.pages[:-1]:
        heads = _heads_at_the_foot(page)
        if heads and len(heads) < len(page.text_lines):
            blocks = len({line.block for line in heads})
            told = "a head stands" if blocks == 1 else f"{blocks} heads stand"
            yield _hit(run, heads[0], f"{told} at the foot of the page: “{_short(heads[0].said)}”")


@runs.rule("T112", Severity.WARNING)
def one_line_under_a_head(run: Run, _: None) -> Iterator[Hit]:
    """A head at the foot of a page has a single line below it.

    At least two lines belong under a head. A line that is a whole paragraph by itself, a dateline say, is passed
    over.
    """
    for page in run.pages[:-1]:
        lines = page.text_lines
        if len(lines) < 4 or lines[-1].tag in HEADS or lines[-1].in_cell or lines[-1].is_last:
            continue
        if lines[-2].tag in HEADS and lines[-1].number != lines[-2].number:
            yield _hit(run, lines[-2], f"a single line stands under the head “{_short(lines[-2].said)}”")


def _heads_at_the_foot(page: PageLines) -> list[SetLine]:
    """The lines of heads that stand last in the text of a page, from the top."""
    found: list[SetLine] = []
    for line in reversed(page.text_lines):
        if line.tag not in HEADS:
            break
        found.append(line)
    return found[::-1]


@runs.rule("T113", Severity.WARNING)
def coarse_image(run: Run, _: None) -> Iterator[Hit]:
    """A picture has less than 300 pixels an inch where it is printed.

    Printers ask for 300 at the size at which a picture stands on the page. A larger scan or a smaller picture
    helps.
    """
    for page in run.pages:
        for image in page.images:
            left, top, right, bottom = image.box
            if right - left < 1 or bottom - top < 1:
                continue
            dpi = min(image.across / (right - left), image.down / (bottom - top)) * 72
            if dpi < LEAST_DPI - 0.5:
                message = f"a picture of {image.across} × {image.down} pixels is printed with {dpi:.0f} an inch"
                yield Hit(image.place, message, None, str(page.index))


# Notes on pages


@runs.rule("N201", Severity.WARNING)
def same_mark_twice_on_a_page(run: Run, _: None) -> Iterator[Hit]:
    """Two notes on a page have the same mark.

    The reader cannot tell which call belongs to which. It happens where documents whose notes begin at 1 follow
    one another on a page; `notes: {numbering: page}` or `chapter` avoids it. A note that goes on from the page
    before counts as well.
    """
    for page in run.pages:
        seen: set[str] = set()
        for note in page.notes:
            if note.mark in seen:
                message = f"a second note on the page has the mark {note.mark}"
                yield Hit(note.place, message, None, str(page.index), note.line)
            seen.add(note.mark)


@runs.rule("N202", Severity.INFO)
def note_over_three_pages(run: Run, _: None) -> Iterator[Hit]:
    """A note runs over three pages or more.

    Nothing is wrong with that, but so long a note may read better as an enclosure, or as a document of its own.
    """
    pages: dict[str, list[tuple[PageLines, int | None, Hit]]] = {}
    for page in run.pages:
        for note in page.notes:
            hit = Hit(note.place, "", None, str(page.index), note.line)
            pages.setdefault(note.id, []).append((page, note.line, hit._replace(message=note.mark)))
    for found in pages.values():
        if len(found) > 2:
            first = found[0][2]
            yield first._replace(message=f"note {first.message} runs over {len(found)} pages")


# What lines are


def _lines(run: Run) -> Iterator[SetLine]:
    return (line for page in run.pages for line in page.lines)


def _last_line(page: PageLines) -> SetLine | None:
    lines = page.text_lines
    return lines[-1] if lines else None


def _is_justified(run: Run, block: list[SetLine]) -> bool:
    """Whether the lines of a block but the last end in one place, save for what hangs, as their spaces give.

    Lines of verse may end in one place by chance; but then their spaces are alike.
    """
    if len(block) < 2 or block[0].tag in HEADS:
        return False
    ends = [run.edges(line)[1] for line in block[:-1]]
    usual = median(ends)
    if sum(abs(end - usual) < OVERFULL for end in ends) <= 0.75 * len(ends):
        return False
    gaps = ((line, line.gaps) for line in block)
    spaces = [median(end - start for start, end in its) / line.size for line, its in gaps if its]
    return not spaces or sum(abs(space - median(spaces)) > GIVEN for space in spaces) > 0.25 * len(spaces)


def _bare(word: str) -> str:
    """A word without the signs around it; empty for what is none."""
    return word.strip(".,;:!?()[]“”‘’\"'—–-").casefold()


def _short(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:45].rstrip()} …"
