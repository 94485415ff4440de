"""The same PDF read by pdfium: what our reader finds on a page is what pdfium finds there."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from ctypes import c_double
from io import BytesIO
from itertools import product
from pathlib import Path
from string import ascii_letters
from typing import Any

import pypdfium2
import pypdfium2.raw as raw
import pytest

from edition.proof.reader import read_pages
from edition.proof.streams import streams_of
from edition.proof.text import squeezed
from tests.proof.planting import lay_out, resolved_edition

CONSTRUCTS = Path(__file__).parent.parent / "editions" / "constructs"


EVEN = "aehimnostu"
"""Letters that don't reach out of their widths, which pdfium would count to them."""


def letters(text: str) -> Counter[str]:
    return Counter(squeezed(text.replace("\x02", "").replace("\ufffe", "")))


@pytest.mark.parametrize(("style", "mode"), list(product(("reading", "frus"), ("inline", "facsimile"))))
def test_both_readers_find_the_same_letters_on_every_page(style: str, mode: Any) -> None:
    book = lay_out(resolved_edition(mode, "foot", CONSTRUCTS), style=style, folder=CONSTRUCTS)
    theirs = pypdfium2.PdfDocument(BytesIO(book.pdf))
    for ours, page in zip(read_pages(book.pdf), theirs, strict=True):
        drawn = letters("".join(piece.text for piece in ours.pieces))
        assert drawn == letters(page.get_textpage().get_text_bounded())


def test_both_readers_find_words_at_the_same_places() -> None:
    """In lines whose letters are widened and stand apart, too."""
    book = lay_out(resolved_edition("inline", "foot", CONSTRUCTS), style="frus", folder=CONSTRUCTS)
    theirs = pypdfium2.PdfDocument(BytesIO(book.pdf))
    asked = 0
    for ours, page in zip(read_pages(book.pdf), theirs, strict=True):
        begins, ends = defaultdict(list), defaultdict(list)
        for char, left, right, baseline in characters_on(page):
            begins[char].append((left, page.get_height() - baseline))
            ends[char].append((right, page.get_height() - baseline))
        for piece in (piece for piece in ours.pieces if piece.level):
            begun = [(piece.text[at], x) for at, x in piece.words if at < len(piece.text)]
            ended = [(piece.text[at - 1], x) for at, x in piece.word_ends.items() if at]
            for known, wanted, asked_of in ((begins, begun, ascii_letters), (ends, ended, EVEN)):
                for char, x in wanted:
                    if char in asked_of:
                        asked += 1
                        assert any(abs(x - there) < 0.05 and abs(piece.y - y) < 0.1 for there, y in known[char]), (
                            piece.text, char, x,
                        )  # fmt: skip
    assert asked > 600


def characters_on(page: Any) -> Iterator[tuple[str, float, float, float]]:
    """Characters as pdfium has them, with their left and right ends and baselines."""
    text = page.get_textpage()
    x, y, box = c_double(), c_double(), raw.FS_RECTF()
    for at in range(text.count_chars()):
        if not raw.FPDFText_IsGenerated(text, at):
            raw.FPDFText_GetCharOrigin(text, at, x, y)
            raw.FPDFText_GetLooseCharBox(text, at, box)
            yield chr(raw.FPDFText_GetUnicode(text, at)), x.value, box.right, y.value


def test_pdfium_finds_every_word_of_the_manuscript_too() -> None:
    """Independently of labels and matching: each stream's words, as pdfium reads the book."""
    book = lay_out(resolved_edition("hidden", "foot", CONSTRUCTS), folder=CONSTRUCTS)
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(BytesIO(book.pdf)))
    whole = squeezed(text.replace("\x02", "").replace("\ufffe", "")).casefold()
    for stream in streams_of(book.resolved).values():
        for word in re.findall(r"[^\W\d_]{2,}", stream.text):
            assert word.casefold() in whole, (stream.name, word)
