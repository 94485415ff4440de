"""How even the lines of a PDF are, counted on its drawn pages: for text in one justified column, by any engine.

Only the boxes of characters are looked at, as PDFium reports them, so that engines can be compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from ctypes import c_double
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from statistics import fmean, median, pstdev
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

HYPHENS = "-\u2010\u00ad\x02\ufffe"


class Char(NamedTuple):
    """A character on a page, in points."""

    text: str
    left: float
    right: float
    baseline: float
    size: float


@dataclass(slots=True)
class Line:
    """A line as it is drawn."""

    page: int
    baseline: float
    chars: list[Char]
    indented: bool = False
    ends: bool = False
    """Whether it is the last of its paragraph."""
    space: float = 0.0
    """The mean width of its spaces, in spaces of the face."""

    @property
    def left(self) -> float:
        return self.chars[0].left

    @property
    def right(self) -> float:
        return max(char.right for char in self.chars)

    @property
    def hyphened(self) -> bool:
        return self.chars[-1].text in HYPHENS


@dataclass(frozen=True)
class Measures:
    """What was counted; percentages are of the justified lines."""

    pages: int
    lines: int
    deviation: float
    looser_1_5: float
    looser_2: float
    tighter_0_8: float
    change: float
    """Between the spaces of neighbouring lines."""
    hyphens: float
    ladders_3: int
    ladders_4: int
    short_last: int
    """Last lines of less than two ems."""
    page_end_hyphens: int
    edge: float
    """The range of right edges of lines that end with a letter, in points."""
    unused: float
    """Lines a page that might have stood on it."""


def measure(pdf: bytes | Path, space: float) -> Measures:
    """Count; `space` is the width of the face's space in ems."""
    pages = list(_pages(pdf, space))
    lines = [line for page in pages for line in page]
    left = Counter(round(line.left, 1) for line in lines).most_common(1)[0][0]
    size = lines[0].chars[0].size
    for line in lines:
        line.indented = line.left > left + 0.4 * size
    for line, later in pairwise([*lines, None]):
        assert line is not None
        line.ends = later is None or later.indented
    full = [line for line in lines if not line.ends and line.space]
    spaces = [line.space for line in full]
    neighbours = [
        abs(one.space - two.space)
        for one, two in pairwise(lines)
        if not one.ends and not two.ends and one.space and two.space
    ]
    # Serifs of some letters reach out of their widths.
    edges = [line.right for line in full if line.chars[-1].text in "aehimnostu"]
    runs = [len(list(run)) for hyphened, run in groupby(line.hyphened for line in lines) if hyphened]
    deepest = min(page[-1].baseline for page in pages)
    pitch = median(one.baseline - two.baseline for page in pages for one, two in pairwise(page))

    def percent(count: int) -> float:
        return 100 * count / len(full)

    return Measures(
        pages=len(pages),
        lines=len(lines),
        deviation=pstdev(spaces),
        looser_1_5=percent(sum(space > 1.5 for space in spaces)),
        looser_2=percent(sum(space > 2 for space in spaces)),
        tighter_0_8=percent(sum(space < 0.8 for space in spaces)),
        change=fmean(neighbours),
        hyphens=percent(sum(line.hyphened for line in full)),
        ladders_3=sum(run >= 3 for run in runs),
        ladders_4=sum(run >= 4 for run in runs),
        short_last=sum(line.right - line.left < 2 * size for line in lines if line.ends and not line.indented),
        page_end_hyphens=sum(page[-1].hyphened for page in pages[:-1]),
        edge=max(edges) - min(edges) if edges else 0.0,
        unused=fmean((page[-1].baseline - deepest) / pitch for page in pages[:-1]),
    )


def _pages(pdf: bytes | Path, space: float) -> Iterator[list[Line]]:
    document = pdfium.PdfDocument(pdf)
    for number, page in enumerate(document):
        rows: dict[float, list[Char]] = {}
        for char in _characters(page):
            rows.setdefault(round(char.baseline, 1), []).append(char)
        lines = [Line(number, y, sorted(chars, key=lambda char: char.left)) for y, chars in rows.items()]
        for line in lines:
            line.space = _space(line.chars, space)
        if lines:
            yield sorted(lines, key=lambda line: -line.baseline)


def _characters(page: pdfium.PdfPage) -> Iterator[Char]:
    text = page.get_textpage()
    matrix, box, x, y = raw.FS_MATRIX(), raw.FS_RECTF(), c_double(), c_double()
    for at in range(text.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(text, at))
        if raw.FPDFText_IsGenerated(text, at) or not char.strip():
            continue
        raw.FPDFText_GetMatrix(text, at, matrix)
        raw.FPDFText_GetCharOrigin(text, at, x, y)
        raw.FPDFText_GetLooseCharBox(text, at, box)
        size = raw.FPDFText_GetFontSize(text, at) * abs(matrix.d)
        yield Char(char, box.left, box.right, y.value, size)


def _space(chars: Sequence[Char], space: float) -> float:
    """The mean of the gaps that are spaces, in spaces of the face; 0 for a line without."""
    reach, gaps = chars[0].right, []
    for char in chars[1:]:
        if char.left - reach > 0.45 * space * char.size:
            gaps.append((char.left - reach) / (space * char.size))
        reach = max(reach, char.right)
    return fmean(gaps) if gaps else 0.0
