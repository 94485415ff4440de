"""The same PDF read by pdfium: what our reader finds on a page is what pdfium finds there."""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from edition.proof.reader import read_pages
from edition.proof.streams import streams_of
from edition.proof.text import squeezed
from tests.proof.planting import lay_out, resolved_edition

CONSTRUCTS = Path(__file__).parent.parent / "editions" / "constructs"


def letters(text: str) -> Counter[str]:
    return Counter(squeezed(text.replace("\x02", "").replace("\ufffe", "")))


@pytest.mark.parametrize(("style", "mode"), list(product(("reading", "frus"), ("inline", "facsimile"))))
def test_both_readers_find_the_same_letters_on_every_page(style: str, mode: Any) -> None:
    book = lay_out(resolved_edition(mode, "foot", CONSTRUCTS), style=style, folder=CONSTRUCTS)
    theirs = pypdfium2.PdfDocument(BytesIO(book.pdf))
    for ours, page in zip(read_pages(book.pdf), theirs, strict=True):
        drawn = letters("".join(piece.text for piece in ours.pieces))
        assert drawn == letters(page.get_textpage().get_text_bounded())


def test_pdfium_finds_every_word_of_the_manuscript_too() -> None:
    """Independently of labels and matching: each stream's words, as pdfium reads the book."""
    book = lay_out(resolved_edition("hidden", "foot", CONSTRUCTS), folder=CONSTRUCTS)
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(BytesIO(book.pdf)))
    whole = squeezed(text.replace("\x02", "").replace("\ufffe", "")).casefold()
    for stream in streams_of(book.resolved).values():
        for word in re.findall(r"[^\W\d_]{2,}", stream.text):
            assert word.casefold() in whole, (stream.name, word)
