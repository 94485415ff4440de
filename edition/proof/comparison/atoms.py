"""The text of a printed book as atoms: words and signs in reading order, however their lines were broken.

Where a line ends it cannot be seen whether a space stood there, or whether a hyphen is the printer's: such an atom
says so, and is compared with care. Calls of notes are atoms that do not say their mark, page numbers in
contents and lists ones that do not say their number: both follow from the pages, and are no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from edition.proof.book import PrintedBook
from edition.proof.lines import Line, Word
from edition.proof.streams import Key
from edition.proof.text import alike

Gap: TypeAlias = Literal[0, 1, 2]
"""Before an atom: nothing, a space, or a line's end, where either may have stood."""

CALL = "\0call"
LOCATOR = "\0locator"

_ATOM = re.compile(r"\w+(?:[-'’]\w+)*|[^\w\s]")
_IN_BRACKETS = re.compile(r"\[\D{0,12}[\divxlc]+–?[\divxlc]*\]?|[\divxlc]+\]")
_JOINS = re.compile(r"\w")


@dataclass
class Atoms:
    """The atoms of a document, division, note or generated part, side by side by their number."""

    key: Key
    keys: list[str] = field(default_factory=list)
    """What is compared: letters without hyphens."""
    forms: list[str] = field(default_factory=list)
    """As printed; empty where a line's end is within, so that hyphens cannot be told."""
    gaps: list[Gap] = field(default_factory=list)
    words: list[tuple[Line, Word]] = field(default_factory=list)
    tails: dict[int, tuple[Line, Word]] = field(default_factory=dict)
    """Of atoms that a line's end divides, the words on the next lines that they end in."""
    marks: list[Word] = field(default_factory=list)
    """Of a note: its own mark."""

    @property
    def mark(self) -> str:
        return "".join(word.text for word in self.marks).strip(". ")

    def text(self, start: int, end: int) -> str:
        """Atoms as an editor reads them, whole words with their signs."""
        shown = ""
        last: Word | None = None
        for number in range(start, end):
            _, word = self.words[number]
            if word is not last:
                text = f"[note {word.text}]" if word.part == "call" else word.text
                shown += text if word.glued or not shown else f" {text}"
            if number in self.tails:
                _, last = self.tails[number]
                shown = shown.removesuffix("-") + last.text
            else:
                last = word
        return shown

    def whole_words(self, start: int, end: int) -> tuple[int, int]:
        """The same stretch, up to where words begin and end."""
        while 0 < start < end and self.ending(start - 1) is self.words[start][1]:
            start -= 1
        while start < end < len(self.words) and self.words[end][1] is self.ending(end - 1):
            end += 1
        return start, end

    def ending(self, number: int) -> Word:
        """The word on the page that an atom ends in."""
        return self.tails.get(number, self.words[number])[1]


def atoms_of(book: PrintedBook) -> dict[Key, Atoms]:
    """All streams of a book, in the order in which they begin."""
    streams: dict[Key, Atoms] = {}
    for page in book.pages:
        for line in page.text_lines:
            owner = line.block.owner
            if owner not in streams:
                streams[owner] = Atoms(owner)
            _add_line(streams[owner], line, book)
    return streams


def _add_line(atoms: Atoms, line: Line, book: PrintedBook) -> None:
    gap: Gap = 2
    for word in line.words:
        if word.part == "mark":
            atoms.marks.append(word)
            gap = 2
            continue
        if word.part == "call":
            _add(atoms, CALL, CALL, 2, line, word)
            gap = 2
            continue
        text = alike(word.text)
        if word is not line.words[0] and not word.glued:
            gap = 1
        if word.leads_to and is_locator(word, line, book):
            _add_locator(atoms, line, word)
        else:
            _add_word(atoms, text, gap, line, word)
        gap = 0


def _add_locator(atoms: Atoms, line: Line, word: Word) -> None:
    """Add a page number; the end of a span belongs to its beginning, on whatever line that is."""
    if atoms.keys and atoms.keys[-1] == LOCATOR and atoms.ending(len(atoms.keys) - 1).text[-1:] in "–-":
        atoms.tails[len(atoms.keys) - 1] = line, word
    else:
        _add(atoms, LOCATOR, LOCATOR, 2, line, word)


def _add_word(atoms: Atoms, text: str, gap: Gap, line: Line, word: Word) -> None:
    joins = gap == 2 and word is line.words[0] and _ends_in_hyphen(atoms) and _JOINS.match(text)
    for match in [text] if text.isalpha() else _matches(text):
        if joins:
            for own in (atoms.keys, atoms.forms, atoms.gaps, atoms.words):
                own.pop()
            atoms.keys[-1] += match.replace("-", "")
            atoms.forms[-1] = ""
            atoms.tails[len(atoms.keys) - 1] = line, word
            joins = False
        else:
            _add(atoms, match.replace("-", "") or match, match, gap, line, word)
        gap = 0


def _matches(text: str) -> Iterator[str]:
    return (match[0] for match in _ATOM.finditer(text))


def _add(atoms: Atoms, key: str, form: str, gap: Gap, line: Line, word: Word) -> None:
    atoms.keys.append(key)
    atoms.forms.append(form)
    atoms.gaps.append(gap)
    atoms.words.append((line, word))


def _ends_in_hyphen(atoms: Atoms) -> bool:
    """Whether the text so far ends in a word with a hyphen at the end of a line."""
    return len(atoms.keys) > 1 and atoms.forms[-1] == "-" and atoms.gaps[-1] == 0 and atoms.keys[-2][-1:].isalnum()


def is_locator(word: Word, line: Line, book: PrintedBook) -> bool:
    """Whether a word of a link is the number of the page that it leads to.

    In documents it is that number, or stands in brackets as the builder writes it; in generated parts it may be
    shortened, as the end of a span is.
    """
    if word.leads_to not in book.spots:
        return False
    folio = book.folio(book.spots[word.leads_to].page)
    text = alike(word.text).strip(" ")
    number = text.strip("[](),.;–-")
    if line.block.owner.kind != "generated":
        return number == folio or (_IN_BRACKETS.fullmatch(text) is not None)
    return bool(number) and (folio.endswith(number) or (number[-1].isdigit() and folio[-1:].isdigit()))


def boxes(atoms: Atoms, start: int, end: int) -> Iterable[tuple[int, float, float, float, float]]:
    """Page, left, top, right and bottom of the words of a stretch, each once."""
    seen: set[int] = set()
    for number in range(start, end):
        for line, word in (atoms.words[number], *([atoms.tails[number]] if number in atoms.tails else [])):
            if id(word) not in seen:
                seen.add(id(word))
                _, top, _, bottom = line.box
                yield line.page, word.left, top, word.right, bottom
