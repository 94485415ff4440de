"""Characters that a machine misread, as far as they show: letters of another script in the midst of a word."""

from __future__ import annotations

import re
import unicodedata

from lxml import etree

from edition.findings import Severity, declare
from edition.importers.tei.elements import elements_in
from edition.importers.tei.reading import Report

ODD_CHARACTER = declare(
    "I116",
    Severity.WARNING,
    """A character is odd.

    A letter of another script stands in the midst of a Latin word, or a character that has no meaning of its
    own (U+FFFD, private use, control). Reading by machine leaves such. The text is not changed: compare it
    with the source and correct it in the document.
    """,
)

_NON_LATIN = re.compile(r"[\u0370-\u03ff\u0400-\u052f\u1100-\u11ff]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_MEANINGLESS = re.compile(r"[\x7f-\x9f\ufffd\ufffe\uffff\ue000-\uf8ff]")


def report_odd_characters(text: etree._Element, report: Report) -> None:
    """Report each odd character once, at its first place, with how often it occurs."""
    for element in [text, *elements_in(text)]:
        for words, holder in ((element.text, element), (element.tail, element)):
            if words and (not words.isascii()):
                for char in _odd(str(words)):
                    name = unicodedata.name(char, "unnamed").lower()
                    report.count(
                        ODD_CHARACTER, holder, f"the character {char!r} (U+{ord(char):04X}, {name}) is odd"
                    )


def _odd(words: str) -> list[str]:
    odd = _MEANINGLESS.findall(words)
    for word in _WORD.findall(words) if _NON_LATIN.search(words) else ():
        if re.search(r"[A-Za-zÀ-ɏ]", word):
            odd += _NON_LATIN.findall(word)
    return odd
