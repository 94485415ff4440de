"""Rules of what comes in pairs: brackets and quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from edition.findings import Severity
from edition.proof.rules.context import Context, DocumentChecks
from edition.proof.rules.passages import Passage, Passages
from edition.proof.rules.registry import Hit

documents = DocumentChecks()

CLOSES = {")": "(", "]": "["}
_ENUMERATION = re.compile(r"(?:^|[\s;,:.—–(])(?:\w{1,4}|[*†‡])$")

_NUMBER_OF_A_LETTER = re.compile(r"\b(?:No|Nr|Nº|N°|Núm|[A-Z]\b)[A-Za-z. ]{0,9}\d[\d ]{0,6}[A-Z]?\.?\]\.?$")


class Opened(NamedTuple):
    passage: Passage
    offset: int
    sign: str
    number: int
    """Which passage of its group it is in."""


@documents.rule("W020", Severity.WARNING)
def bracket_without_its_other_half(passages: Passages, context: Context) -> Iterator[Hit]:
    """A bracket is not closed, or closes nothing.

    Editors' insertions and expansions stand in square brackets; a lost one makes the editor's words the writer's.
    A bracket that begins a paragraph, and any square one, may close in a later paragraph of the same text. The
    sign behind the number of an item, `a)`, is no bracket, nor the one of `No. 12.]`, which printers set after the
    number of a letter.
    """
    for group in passages.groups():
        yield from _check_brackets(group)


def _check_brackets(group: Sequence[Passage]) -> Iterator[Hit]:
    opened: list[Opened] = []
    for number, passage in enumerate(group):
        yield from (_unclosed(left) for left in opened if not _may_stay_open(left))
        opened = [left for left in opened if _may_stay_open(left)]
        for offset, sign in _signs(passage, "()[]"):
            if sign in "([":
                opened.append(Opened(passage, offset, sign, number))
                continue
            index = next((i for i in range(len(opened) - 1, -1, -1) if opened[i].sign == CLOSES[sign]), None)
            if index is not None:
                for inner in opened[index + 1 :]:
                    yield _unclosed(inner)
                del opened[index:]
            elif not _needs_no_other(passage.text, offset):
                yield Hit(passage.place(offset), f"the bracket “{sign}” closes nothing", _near(passage, offset))
    for left in opened:
        yield _unclosed(left)


def _needs_no_other(text: str, offset: int) -> bool:
    """Whether a closing bracket is the sign behind a number: `a)`, `No. 12.]`."""
    if text[offset] == ")":
        return bool(_ENUMERATION.search(text[:offset]))
    return bool(_NUMBER_OF_A_LETTER.search(text.rstrip()[-24:]) and offset >= len(text.rstrip()) - 2)


def _may_stay_open(left: Opened) -> bool:
    """Whether a bracket may close in a later passage; round ones that stand inside of theirs may not."""
    return left.sign == "[" or _begins(left)


def _unclosed(left: Opened) -> Hit:
    place = left.passage.place(left.offset)
    return Hit(place, f"the bracket “{left.sign}” is not closed", _near(left.passage, left.offset))


# Quotes

PAIRS = {
    "en": ("“", "”"), "es": ("“«", "”»"), "fr": ("“«", "”»"), "it": ("“«", "”»"), "pt": ("“«", "”»"),
    "de": ("„", "“”"),
}  # fmt: skip
"""Signs that open and close a quotation, by language."""


@documents.rule("W021", Severity.WARNING)
def quote_without_its_other_half(passages: Passages, context: Context) -> Iterator[Hit]:
    """A quotation is not closed, or closes nothing.

    A quotation of several paragraphs opens with each of them and closes with the last; a block quotation, or one
    that begins a paragraph, may also open once. Double curly quotes are paired, and straight ones counted in each
    paragraph; in cells of tables they stand for what is above them.
    """
    for group in passages.quotations():
        yield from _Quotes().check(group)
        for passage, after in zip(group, [*group[1:], None], strict=True):
            yield from _check_straight(passage, after)


class _Quotes:
    """Pairs the curly quotes of passages that follow one another."""

    def __init__(self) -> None:
        self.opened: list[Opened] = []
        self.begun: Opened | None = None
        """What began an earlier paragraph and may still close in a later one."""

    def check(self, group: Sequence[Passage]) -> Iterator[Hit]:
        for number, passage in enumerate(group):
            signs = PAIRS.get(passage.language[:2])
            if signs is not None and passage.kind != "cell":
                yield from self.passage(passage, number, *signs)
        yield from map(_open_quote, filter(None, (self.begun, *self.opened[:1])))

    def passage(self, passage: Passage, number: int, openers: str, closers: str) -> Iterator[Hit]:
        found = list(_signs(passage, openers + closers))
        if not found:
            if self.opened and not _begins(self.opened[0]) and not _may_go_on(passage):
                yield _open_quote(self.opened[0])
                self.opened = []
            return
        if _starts_with(passage, openers):
            self.opened, self.begun = [], None  # it goes on
        elif self.opened and not _may_go_on(passage):
            if _begins(self.opened[0]) and found[0][1] not in openers:
                self.begun = self.opened[0]
            else:
                yield _open_quote(self.opened[0])
            self.opened = []
        for offset, sign in found:
            if sign in openers:
                self.opened.append(Opened(passage, offset, sign, number))
            elif self.opened:
                self.opened.pop()
            elif self.begun:
                self.begun = None
            else:
                yield Hit(passage.place(offset), f"the quote {sign} closes nothing", _near(passage, offset))


def _may_go_on(passage: Passage) -> bool:
    """Whether a passage may stand inside a quotation without opening it again: in a block quotation, in verse."""
    return passage.quotation > 0 or passage.kind == "verse"


def _begins(opened: Opened) -> bool:
    """Whether a sign begins its passage."""
    return not opened.passage.text[: opened.offset].strip(" ([“‘'")


def _open_quote(left: Opened) -> Hit:
    place = left.passage.place(left.offset)
    return Hit(place, f"the quote {left.sign} is not closed", _near(left.passage, left.offset))


def _check_straight(passage: Passage, after: Passage | None) -> Iterator[Hit]:
    """An odd number of straight quotes, if the next paragraph does not open with one."""
    if '"' not in passage.text or passage.kind == "cell":
        return
    places = [offset for offset, _ in _signs(passage, '"') if not passage.text[offset - 1 : offset].isdigit()]
    if len(places) % 2 and not (after and _starts_with(after, '"')):
        last = places[-1]
        yield Hit(passage.place(last), 'an odd number of quotes " stands in the paragraph', _near(passage, last))


def _starts_with(passage: Passage, signs: str) -> bool:
    return passage.text.lstrip(" ([‘'")[:1] in tuple(signs)


def _signs(passage: Passage, signs: str) -> Iterator[tuple[int, str]]:
    """All of these signs in a passage, with their offsets."""
    return ((found.start(), found[0]) for found in re.finditer(f"[{re.escape(signs)}]", passage.text))


def _near(passage: Passage, offset: int) -> str:
    """The words around a sign, to know it by."""
    text = passage.text.replace("\n", " ")
    start = text.rfind(" ", 0, max(0, offset - 12)) + 1
    end = text.find(" ", offset + 12)
    return f"in “{text[start : len(text) if end < 0 else end]}”"
