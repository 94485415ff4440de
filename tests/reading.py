"""Reading a finished PDF as a reader sees it: characters with their baselines, page by page, by pdfium."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium


@dataclass(frozen=True)
class Character:
    """A drawn character; its origin from the top left corner of the page as it is shown, its size, all in points."""

    text: str
    x: float
    y: float
    size: float
    level: bool = True
    """Whether it is read from left to right; otherwise from the foot of the page upward."""

    @property
    def across(self) -> float:
        """Where its line is: from the top, or from the left."""
        return self.y if self.level else self.x


@dataclass(frozen=True)
class Line:
    """Characters on one baseline, as the file has them."""

    characters: tuple[Character, ...]

    @property
    def text(self) -> str:
        return "".join(character.text for character in self.characters)

    @property
    def baseline(self) -> float:
        """From the top of the page; from its left where the line runs upward."""
        return self.characters[0].across

    @property
    def left(self) -> float:
        return min(character.x for character in self.characters)


@dataclass(frozen=True)
class ReadPage:
    label: str
    width: float
    height: float
    text: str
    characters: tuple[Character, ...]

    @property
    def lines(self) -> list[Line]:
        """Characters grouped as they follow each other on a baseline."""
        drawn = [character for character in self.characters if character.text.strip()]
        return [
            Line(tuple(group)) for _, group in groupby(drawn, lambda char: (char.level, round(char.across, 1)))
        ]

    def line_with(self, words: str) -> Line:
        """The only line that has these words, white space left out."""
        wanted = words.replace(" ", "")
        found = [line for line in self.lines if wanted in line.text]
        assert len(found) == 1, f"{len(found)} lines with {words!r} on page {self.label}: {self.text}"
        return found[0]


def read_pdf(path: Path) -> list[ReadPage]:
    """All pages of a PDF, with their text as pdfium reads it; words divided at a line end are joined."""
    document = pypdfium2.PdfDocument(path)
    pages = []
    for index, page in enumerate(document):
        width, height = page.get_size()
        text = page.get_textpage()
        characters = tuple(_characters(text, width, height, page.get_rotation()))
        whole = re.sub("[\x02\ufffe]\n?", "", text.get_text_bounded().replace("\r\n", "\n"))
        pages.append(ReadPage(document.get_page_label(index), width, height, whole, characters))
    return pages


def _characters(text: pypdfium2.PdfTextPage, width: float, height: float, rotation: int) -> Iterator[Character]:
    assert rotation in (0, 270)
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(text.count_chars()):
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        size = pdfium.FPDFText_GetFontSize(text, index)
        char, turned = (
            chr(pdfium.FPDFText_GetUnicode(text, index)),
            abs(pdfium.FPDFText_GetCharAngle(text, index)) > 0.1,
        )
        if rotation == 270:
            yield Character(char, width - y.value, height - x.value, size, level=turned)
        else:
            yield Character(char, x.value, height - y.value, size, level=not turned)
