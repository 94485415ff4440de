"""Tells the parts of a raw text apart by how its lines look: source note, title, dateline, text, note list.

Works on offsets into the text and loses none of it: every character that is not white space stands in
exactly one unit, or in a note or its number. Knows nothing of calls or of the model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

UnitKind = Literal["source-note", "title", "dateline", "salute", "paragraph", "closer", "signed", "page-break"]

_PAGE_NUMBER = r"[0-9A-Za-z]{0,6}[0-9][0-9A-Za-z]{0,6}|[ivxlcdm]{1,12}|[IVXLCDM]{1,12}"
PAGE_MARK = re.compile(rf"\[Page[ \xa0\n](?:\[({_PAGE_NUMBER})\]|({_PAGE_NUMBER}))\]")
"""`[Page 404]`, and `[Page [30]]` where the source has no number. `[Page torn]` is text."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that belong together, each as start and end in the text, without white space around it."""

    lines: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        return self.lines[0][0]

    @property
    def end(self) -> int:
        return self.lines[-1][1]


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the document. `verse` is true where its line ends count."""

    kind: UnitKind
    lines: Lines
    verse: bool = False


@dataclass(frozen=True, slots=True)
class ListedNote:
    """An item of the note list: the mark it has there, and its paragraphs."""

    mark: str
    start: int
    paragraphs: tuple[Lines, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A document's units in order, and the list at its end."""

    units: tuple[Unit, ...]
    notes: tuple[ListedNote, ...]
    certain: bool
    """Whether the list is one of notes even if no calls are found: it is indented and numbered."""

    @property
    def own_marks(self) -> tuple[str, ...]:
        """The notes' own marks, empty if the list is simply numbered from 1."""
        marks = tuple(note.mark for note in self.notes)
        return () if marks == tuple(str(number + 1) for number in range(len(marks))) else marks


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    indent: int

    @property
    def blank(self) -> bool:
        return self.start == self.end


def lay_out(text: str, *, note_list: bool = True) -> Layout:
    """Tell the parts of a text apart; without `note_list` a numbered list at its end is text as well."""
    lines = list(_lines(text))
    wrapped = _is_wrapped(lines)
    first = _note_list_begins(text, lines) if note_list else len(lines)
    if all(line.blank for line in lines[:first]):
        first = len(lines)  # a list with nothing above it is text
    units = _name(text, list(_units(text, lines[:first], wrapped)))
    notes = tuple(_listed(text, lines[first:], wrapped))
    certain = bool(notes) and lines[first].indent > 0 and all(note.mark.isdecimal() for note in notes)
    return Layout(tuple(units), notes, certain)


def _lines(text: str) -> Iterator[_Line]:
    for found in re.finditer(r"[^\n]*\n?", text):
        content = found[0].strip()
        if found[0]:
            indent = len(found[0]) - len(found[0].lstrip()) if content else 0
            start = found.start() + indent
            yield _Line(start, start + len(content), indent)


def _is_wrapped(lines: Sequence[_Line]) -> bool:
    """Whether line ends are there only because lines were getting too long: none is long, some are full."""
    longest = max((line.end - line.start for line in lines), default=0)
    full = sum(not after.blank and line.end - line.start > 0.75 * longest for line, after in pairwise(lines))
    return 40 < longest <= 100 and full > 2


# The note list

_LISTED = re.compile(r"(\d{1,4})[.)](?=[ \t\xa0]+\S)|([*†‡§‖¶]{1,3})(?=[ \t\xa0]+\S)")


def _listed_mark(text: str, line: _Line) -> re.Match[str] | None:
    return _LISTED.match(text, line.start, line.end)


def _note_list_begins(text: str, lines: Sequence[_Line]) -> int:
    """The index of the line where the list at the end of the text begins, or the number of lines."""
    begins, number = len(lines), None
    indent: int | None = None
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        listed = None if line.blank else _listed_mark(text, line)
        if listed and (indent is None or line.indent == indent):
            mark = listed[1] or listed[2]
            if number is not None and mark.isdecimal() and int(mark) != number - 1:
                break
            begins, indent = index, line.indent
            number = int(mark) if mark.isdecimal() else None
            if number == 1:
                break
        elif not line.blank and not _runs_on(lines, index, indent):
            break
    known_start = number == 1 or (begins < len(lines) and bool(indent))
    return begins if known_start else len(lines)


def _runs_on(lines: Sequence[_Line], index: int, indent: int | None) -> bool:
    """Whether a line belongs to the item before it: it is indented deeper, or nothing is between them."""
    if lines[index].indent > (indent or 0):
        return True
    return not indent and index > 0 and not lines[index - 1].blank


def _listed(text: str, lines: Sequence[_Line], wrapped: bool) -> Iterator[ListedNote]:
    starts = [index for index, line in enumerate(lines) if _begins_item(text, lines, line)]
    for first, after in pairwise([*starts, len(lines)]):
        line = lines[first]
        listed = _listed_mark(text, line)
        assert listed
        start = listed.end() + len(text[listed.end() : line.end]) - len(text[listed.end() : line.end].lstrip())
        content = [_Line(start, line.end, line.indent), *lines[first + 1 : after]]
        paragraphs = tuple(_paragraphs(text, content, wrapped))
        yield ListedNote(listed[1] or listed[2], line.start, paragraphs)


def _paragraphs(text: str, lines: Sequence[_Line], wrapped: bool) -> Iterator[Lines]:
    """The paragraphs of a note: a line begins one where the line before ends a sentence."""
    for block in _blocks(lines):
        if wrapped:
            yield Lines(tuple(block))
        else:
            yield from map(Lines, _sentences(text, block))


def _begins_item(text: str, lines: Sequence[_Line], line: _Line) -> bool:
    return not line.blank and line.indent == lines[0].indent and _listed_mark(text, line) is not None


# Units

_LONG = 80


def _units(text: str, lines: Sequence[_Line], wrapped: bool) -> Iterator[Unit]:
    """Paragraphs: blocks between blank lines, or single lines where each is a paragraph by itself."""
    for block in _blocks(lines):
        if not wrapped and any(end - start > _LONG for start, end in block):
            yield from (Unit("paragraph", Lines(joined)) for joined in _sentences(text, block))
        else:
            verse = len(block) > 1 and (not wrapped or all(end - start < 45 for start, end in block))
            yield Unit("paragraph", Lines(tuple(block)), verse)


def _blocks(lines: Sequence[_Line]) -> Iterator[list[tuple[int, int]]]:
    """What stands between blank lines."""
    for blank, block in groupby(lines, key=lambda line: line.blank):
        if not blank:
            yield [(line.start, line.end) for line in block]


def _sentences(text: str, block: Sequence[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], ...]]:
    """Lines joined as long as a line ends within a sentence."""
    joined: list[tuple[int, int]] = []
    for line in block:
        ends = joined and re.search(r"[.:;!?…”’)\]]\d{0,3}\Z", text[max(0, joined[-1][1] - 5) : joined[-1][1]])
        if ends and not text[line[0]].islower():
            yield tuple(joined)
            joined = []
        joined.append(line)
    yield tuple(joined)


_FILE_NUMBER = re.compile(
    r"(?:\[?File (?:copy )?No\. )?\[?(?:\d{2,3}[A-Z]?\.\w{0,6}[^/]{0,40}/\S{1,14}|\d{3}\.\d\w{1,5})"
    r"(?: ?: ?(?:[A-Z][a-z]+(?: [a-z]+)?))?\]?"
)
_DATE = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r" \d{1,2}(?:st|nd|d|rd|th)?(?: \[[^\]]{1,20}\])?, 1[5-9]\d\d"
)
_RECEIVED = r"(?:\[(?:Received|Rec’d) [^\]]{1,60}\]|\((?:Received|Rec’d) [^)]{1,60}\))\.?"
_DATELINE = re.compile(
    r"\[?(?:[^\W\d_][\w.’'()\[\]-]*,? ){0,9}"
    + _DATE
    + r"(?:[\].]{0,2}|(?:, | ?[—–] ?)(?:noon|midnight|\d{1,2}(?:[:.]\d\d)? [ap]\. ?m)\.?)\]?\d{0,3}"
    + rf"(?: {_RECEIVED}\d{{0,3}})?"
)
_BRACKETED = re.compile(r"\[[^\[\]]{3,80}\]|No\. \d+\]?")
"""A remark above the text, such as `[Telegram]`, or the number of a letter."""
_SALUTE = re.compile(
    r"(?:Sirs?|Gentlemen|Madam|Dear Sirs?|Excellency|Your Excellency|Mr\. Minister|Mr\. Ambassador"
    r"|(?:My )?[Dd]ear (?:Mr\.|Mrs\.|Miss|Dr\.|Sir|Colonel|General|Senator|Secretary)(?: [\w.’-]{1,20}){0,3})"
    r"[:,.]—?\d{0,3}"
)
_COURTESY = "(?:[Tt]ruly|[Ss]incerely|[Rr]espectfully|[Ff]aithfully)"
_CLOSER = re.compile(
    rf"(?:I (?:am|have|remain), (?:Sir, )?etc\.|(?:Very )?{_COURTESY}(?: yours)?|Yours (?:very )?{_COURTESY})"
    r"[,.:]{0,2}\d{0,3}"
)
_NAME_WORD = (
    r"(?:[^\W\d_a-z][\w’'.-]*(?:\[[\w.’]{1,20}\][\w.]{0,10})?|\[?[^\W\d_a-z][\w.]*\]"
    r"|de|del|der|di|la|le|van|von)"
)
_NAME = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD}){{0,4}}(?:, Jr\.)?\d{{0,3}}")
_NO_NAME = re.compile(
    r"(?i)(?:sub-?)?(?:enclosures?|annex|appendix|translation|memorandum|notes?|footnotes?|telegram|end)\W*\w?\W*"
)


def _name(text: str, units: list[Unit]) -> list[Unit]:
    """Give each unit its kind; one that looks like nothing else is a paragraph."""
    units = [_page_break(text, unit) for unit in _split_source_note(text, units)]
    words = [index for index, unit in enumerate(units) if unit.kind == "paragraph"]
    if words and (_matches(_FILE_NUMBER, text, units[words[0]], 60) or _bracketed_head(text, units, words)):
        units[words[0]] = Unit("source-note", units[words[0]].lines)
        words = words[1:]
        titled = bool(words) and _may_be_title(text, units[words[0]], 300)
    else:
        titled = len(words) > 1 and _may_be_title(text, units[words[0]], 200)
    if titled:
        units[words[0]] = Unit("title", units[words[0]].lines)
        words = words[1:]
    _name_opener(text, units, words[:4])
    _name_closer(text, units, words)
    return units


def _bracketed_head(text: str, units: Sequence[Unit], words: Sequence[int]) -> bool:
    """Whether the text begins with a bracketed remark above its title: it stands where source notes do."""
    return (
        len(words) > 2
        and text[units[words[0]].lines.start] == "["
        and _matches(_BRACKETED, text, units[words[0]], 80)
        and _may_be_title(text, units[words[1]], 200)
    )


def _split_source_note(text: str, units: list[Unit]) -> list[Unit]:
    """A file number that stands right above the title, with no blank line, is a unit of its own."""
    if not units or len(units[0].lines.lines) < 2 or not _FILE_NUMBER.fullmatch(text, *units[0].lines.lines[0]):
        return units
    first, *others = units[0].lines.lines
    rest = Unit("paragraph", Lines(tuple(others)), units[0].verse and len(others) > 1)
    return [Unit("paragraph", Lines((first,))), rest, *units[1:]]


def _page_break(text: str, unit: Unit) -> Unit:
    alone = PAGE_MARK.fullmatch(text, unit.lines.start, unit.lines.end)
    return Unit("page-break", unit.lines) if alone else unit


def _matches(pattern: re.Pattern[str], text: str, unit: Unit, longest: int) -> bool:
    """Whether a short unit is wholly of a form; nothing long is ever matched."""
    lines = unit.lines
    return lines.end - lines.start <= longest and pattern.fullmatch(text, lines.start, lines.end) is not None


def _may_be_title(text: str, unit: Unit, longest: int) -> bool:
    if unit.lines.end - unit.lines.start > longest:
        return False
    words = text[unit.lines.start : unit.lines.end].split()
    ends_sentence = words[-1].rstrip("0123456789").endswith((".", ":", ";", "?", "!"))
    other = any(_matches(pattern, text, unit, 120) for pattern in (_DATELINE, _SALUTE))
    return not other and not (ends_sentence and len(words) > 15) and not words[0][:1].islower()


def _name_opener(text: str, units: list[Unit], words: Sequence[int]) -> None:
    """A dateline, then a salute, at the beginning of the text; bracketed remarks may come before them."""
    for index in words:
        unit = units[index]
        if _dateline(text, unit):
            units[index] = Unit("dateline", unit.lines, unit.verse)
        elif _matches(_SALUTE, text, unit, 60):
            units[index] = Unit("salute", unit.lines)
            return
        elif not _matches(_BRACKETED, text, unit, 80):
            return


def _dateline(text: str, unit: Unit) -> bool:
    """Whether up to four lines are a place and date, and perhaps when it was received."""
    lines = unit.lines
    if len(lines.lines) > 4 or lines.end - lines.start > 200:
        return False
    return _DATELINE.fullmatch(" ".join(text[start:end] for start, end in lines.lines)) is not None


def _name_closer(text: str, units: list[Unit], words: Sequence[int]) -> None:
    """A signature at the end of the text, and a phrase of courtesy right above it or at the end."""
    left = [index for index in words if units[index].kind == "paragraph"]
    if len(left) > 1 and _signature(text, units[left[-1]]):
        units[left[-1]] = Unit("signed", units[left[-1]].lines)
        left.pop()
    if len(left) > 1 and _matches(_CLOSER, text, units[left[-1]], 60):
        units[left[-1]] = Unit("closer", units[left[-1]].lines)


def _signature(text: str, unit: Unit) -> bool:
    return (
        len(unit.lines.lines) == 1 and _matches(_NAME, text, unit, 60) and not _matches(_NO_NAME, text, unit, 60)
    )
