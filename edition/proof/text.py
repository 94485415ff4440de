"""Texts made alike before they are compared: what no reader could tell apart counts as the same.

White space is a space, hyphens are one hyphen, what has no width is left out, and letters with their marks are
composed (Unicode, NFC). Pure; knows neither manuscripts nor PDFs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_SPACES = "\t\n\r\x0b\x0c\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_NO_WIDTH = (
    "\u00ad\u061c\u180e\ufeff"
    + "".join(map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))))
    + "".join(map(chr, range(0xFE00, 0xFE10)))
)
_ALIKE: dict[int, str | None] = {
    **dict.fromkeys(map(ord, _SPACES), " "),
    **dict.fromkeys(map(ord, _NO_WIDTH), None),
    **dict.fromkeys(map(ord, "\u2010\u2011"), "-"),
    ord("\u2044"): "/",  # what the figures of a fraction are joined with
    ord("…"): "...",  # faces draw one for the other, as they do with ligatures
    **{0xFB00 + number: letters for number, letters in enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"))},
}

UNREADABLE = "\ufffd"
"""Stands for a glyph that has no text of its own in the PDF."""


def alike(text: str) -> str:
    """A text in the form in which texts are compared; spaces stay as many as they are."""
    if text.isascii() and text.isprintable():
        return text
    text = text.translate(_ALIKE)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def squeezed(text: str) -> str:
    """A text without any white space or hyphen: what stays the same however lines are broken."""
    return re.sub(r"[\s-]+", "", alike(text))


def clusters(text: str) -> list[tuple[int, str]]:
    """Characters with the marks that combine with them, each with its offset."""
    found: list[tuple[int, str]] = []
    for offset, char in enumerate(text):
        if found and unicodedata.combining(char):
            found[-1] = (found[-1][0], found[-1][1] + char)
        else:
            found.append((offset, char))
    return found


def alike_offsets(text: str) -> list[int]:
    """For each character of a text in the form for comparing, spaces counted once, its offset in the text."""
    offsets: list[int] = []
    last = ""
    for offset, cluster in clusters(text):
        for char in alike(cluster):
            if char != " " or last != " ":
                offsets.append(offset)
            last = char
    return offsets


@cache
def _has_other_order(char: str) -> bool:
    """Whether a character may be drawn in another order than it is written, or share its glyph's text."""
    return unicodedata.bidirectional(char) in ("R", "AL", "AN") or unicodedata.category(char) in ("Mn", "Mc", "Me")


def is_provable(text: str) -> bool:
    """Whether drawn glyphs read in the order of a text, each as one letter of it.

    Not so from right to left, where the order on the page is the other way, and where signs combine without
    a letter of their own.
    """
    return text.isascii() or not (UNREADABLE in text or any(map(_has_other_order, text)))


def has_marks(text: str) -> bool:
    """Whether signs combine in a text, or glyphs have no text of their own: letters cannot even be counted."""
    return not text.isascii() and any(
        char == UNREADABLE or unicodedata.category(char) in ("Mn", "Mc", "Me") for char in text
    )


def is_right_to_left(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in text)
