"""Characters that a machine misread, as far as they show: letters of another script in the midst of a word."""

from __future__ import annotations

import re
import unicodedata

from lxml import etree

from edition.findings import EditionError, Finding, Severity, declare
from edition.importers.tei.elements import elements_in
from edition.importers.tei.reading import Report

ODD_CHARACTER = declare(
    "I116",
    Severity.WARNING,
    """A character is odd.

    A letter of another script stands in the midst of a Latin word, or a character that has no meaning of its
    own (U+FFFD, private use). Reading by machine leaves such. The text is not changed: compare it
    with the source and correct it in the document.
    """,
)

CONTROL = declare(
    "I122",
    Severity.ERROR,
    """A control character stands in the text.

    Such characters (U+007F to U+009F, line and paragraph separators) come from conversions that went wrong; a
    content file cannot hold them and no printer prints them. Often a quotation mark or dash is meant: correct the
    file there.
    """,
)

_CONTROL = re.compile(r"[\x7f-\x9f\u2028\u2029]")
_NON_LATIN = re.compile(r"[\u0370-\u03ff\u0400-\u052f\u1100-\u11ff]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_MEANINGLESS = re.compile(r"[\ufffd\ufffe\uffff\ue000-\uf8ff]")


def refuse_control_characters(text: etree._Element, report: Report) -> None:
    """Raises EditionError with the first place of each character that no content file can hold."""
    found: dict[str, Finding] = {}
    for element in (text, *elements_in(text)):
        for words in (element.text, element.tail, *map(str, element.attrib.values())):
            if not words or not _CONTROL.search(str(words)):
                continue
            for char in _CONTROL.findall(str(words)):
                message = f"the control character U+{ord(char):04X} stands here"
                found.setdefault(char, CONTROL.at(report.place(element), message, hint="correct it there"))
    if found:
        raise EditionError(found.values())


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
