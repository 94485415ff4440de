"""Pages of a PDF that is not of ours, as pdfium reads them: lines of words, without documents, notes and blocks.

A page's first and last lines that many pages share, or that are a number alone, count as furniture. Lengths are
points from the top left corner of the page's box. The only other reader beside `reader`, and the only user of
pdfium's text.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Sequence
from math import hypot
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from edition.proof.lines import FURNITURE, Line, PrintedPage, Word, number_lines
from edition.proof.structure import BODY, Block

TEXT = Block(0, "", BODY)
SHARED_BY = 3
"""Pages that must have a line alike, numbers aside, for it to be furniture."""

DIVIDED = "\x02\ufffe"
"""What pdfium puts for a hyphen that divides a word at a line's end."""

_LINE_END = re.compile("([\x02\ufffe](?:\r?\n)?|\r?\n)")
_WORD = re.compile(r"\S+")


def foreign_pages(content: bytes, folios: Sequence[str] | None = None) -> list[PrintedPage]:
    """All pages of a PDF. Raises RuntimeError (of pdfium) for what it cannot open."""
    document = pypdfium2.PdfDocument(content)
    try:
        pages = []
        for index in range(len(document)):
            folio = folios[index] if folios and index < len(folios) else str(index + 1)
            page = document[index]
            pages.append(_page(index, folio, page))
            page.close()
    finally:
        document.close()
    _mark_furniture(pages)
    for printed in pages:
        number_lines(printed.lines)
    return pages


def _page(index: int, folio: str, page: Any) -> PrintedPage:
    left, bottom, right, top = page.get_cropbox()
    printed = PrintedPage(index, folio, right - left, top - bottom)
    text_page = page.get_textpage()
    position = 0
    for row in _LINE_END.split(text_page.get_text_range()):
        if _LINE_END.fullmatch(row):
            if row[0] in DIVIDED and printed.lines:
                printed.lines[-1].words[-1].text += "-"
        elif row.strip():
            words = [_word(text_page, match[0], position + match.start(), left) for match in _WORD.finditer(row)]
            y, size = _baseline(text_page, position + len(row) - len(row.lstrip()), top)
            printed.lines.append(Line(index, y, size, TEXT, words))
        position += len(row)
    text_page.close()
    return printed


def _word(text_page: Any, text: str, start: int, left: float) -> Word:
    first = _box(text_page, start)
    last = _box(text_page, start + len(text) - 1)
    return Word(text, first[0] - left, last[1] - left, None, 0, (None, 0))


def _box(text_page: Any, position: int) -> tuple[float, float]:
    """The left and the right end of a character of the text, with the room that its face gives it."""
    box = pdfium.FS_RECTF()
    index = pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, position)
    pdfium.FPDFText_GetLooseCharBox(text_page, max(index, 0), box)
    return box.left, box.right


def _baseline(text_page: Any, position: int, top: float) -> tuple[float, float]:
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
    index = max(pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, position), 0)
    pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
    pdfium.FPDFText_GetMatrix(text_page, index, matrix)
    size = pdfium.FPDFText_GetFontSize(text_page, index) * hypot(matrix.c, matrix.d)
    return top - y.value, max(size, 1.0)


def _mark_furniture(pages: Sequence[PrintedPage]) -> None:
    """Tell apart the lines at head and foot of pages that are repeated from page to page."""
    edges = [line for page in pages for line in _edges(page)]
    shared = Counter(map(_without_numbers, edges))
    for line in edges:
        pattern = _without_numbers(line)
        if (not pattern and len(line.words) == 1) or (pattern and shared[pattern] >= SHARED_BY):
            line.block = FURNITURE


def _edges(page: PrintedPage) -> list[Line]:
    by_height = sorted(page.lines, key=lambda line: line.y)
    return by_height[:1] + by_height[1:][-1:]


def _without_numbers(line: Line) -> str:
    return re.sub(r"\b([ivxlc]+|\d+)\b|\W", "", line.text.casefold())
