"""Makes inlines of a stretch of raw text: page marks, calls and page references become what they mean.

Every other character stays; white space becomes single spaces, as the model's normal form has it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from edition.importers.plain_text.layout import PAGE_MARK, Lines
from edition.model import Inline, LineBreak, NoteCall, OriginalPage, PageBreak, Reference, Text
from edition.source import Source

SPACE = re.compile(r"[ \t\r\n\f\v\x1c-\x1f\x85\u2028\u2029]+")
"""What the model has one space for. No-break and other fixed spaces are characters of the text."""

PAGE_REFERENCE = re.compile(r"\bpp?\.[ \xa0\n]?(\d{1,4}|[ivxlc]{1,8})(?:[-–]\d{1,4})?\b")
_OTHER_WORK = re.compile(
    r"\b(?:[Vv]ols?\.|Foreign Relations|Stat\.|Series|Cong(?:ress|\.)|Papers|Documents|Bulletin|Record"
    r"|Register|Registro|Archiv|Diario|Gaceta|Moniteur|Journal|Times|Press|Review|[Rr]eports?|Opinions|Laws?"
    r"|Cmd|[Ii]bid|op\. cit|[Ee]d(?:ition|\.|s\.))"
)
_REACH = 300
"""How far back the name of another work is looked for."""
_YEAR_OF_A_BOOK = re.compile(r"\(.*\b1[5-9]\d\d\),?\s\Z")
_THIS_WORK = re.compile(r"\b(?:[Aa]nte|[Pp]ost|[Ss]upra|[Ii]nfra),?\s$")


Call: TypeAlias = tuple[int, int, str]
"""Where the digits of a call begin and end, and the label of its note."""


def inlines(
    source: Source,
    lines: Lines,
    *,
    calls: Sequence[Call] = (),
    verse: bool = False,
    references: bool = False,
) -> tuple[Inline, ...]:
    """The inlines of some lines. `calls` are those of the whole text, in order.

    In `verse` line ends stay; elsewhere they are spaces. `references` makes links of references to pages.
    """
    made: list[Inline] = []
    stretches = lines.lines if verse else ((lines.start, lines.end),)
    for number, (start, end) in enumerate(stretches):
        if number:
            made.append(LineBreak())
        cuts = [*_page_breaks(source, start, end)]
        cuts += _note_calls(source, start, end, calls)
        if references:
            cuts += _references(source, start, end)
        made += _trimmed(_stretch(source, start, end, sorted(cuts, key=lambda cut: cut.start)))
    return tuple(made)


class _Cut(NamedTuple):
    """An inline and the offsets of what it stands for."""

    start: int
    end: int
    inline: Inline


def page_break(source: Source, found: re.Match[str]) -> PageBreak:
    """The page break that a page mark stands for."""
    page = OriginalPage(found[1] or found[2], printed=found[2] is not None)
    return PageBreak(page, at=source.place(found.start()))


def _page_breaks(source: Source, start: int, end: int) -> Iterator[_Cut]:
    for found in PAGE_MARK.finditer(source.text, start, end):
        yield _Cut(found.start(), found.end(), page_break(source, found))


def _note_calls(source: Source, start: int, end: int, calls: Sequence[Call]) -> Iterator[_Cut]:
    for at, to, label in calls[bisect_left(calls, (start,)) : bisect_left(calls, (end,))]:
        yield _Cut(at, to, NoteCall(label, source.place(at)))


def _references(source: Source, start: int, end: int) -> Iterator[_Cut]:
    """References to pages of this work; one after another work's name is to that work's page."""
    others = [found.end() for found in _OTHER_WORK.finditer(source.text, start, end)]
    for found in PAGE_REFERENCE.finditer(source.text, start, end):
        at = found.start()
        before = source.text[max(start, at - 80) : at]
        other = bisect_right(others, at) > bisect_left(others, at - _REACH) or _YEAR_OF_A_BOOK.search(before)
        if not other or _THIS_WORK.search(before):
            place = source.place(at)
            words = Text(SPACE.sub(" ", found[0]), place)
            yield _Cut(at, found.end(), Reference(f"#page-{found[1]}", (words,), place))


def _stretch(source: Source, start: int, end: int, cuts: Iterable[_Cut]) -> Iterator[Inline]:
    """The text between two offsets with the cuts in their places."""
    for cut in cuts:
        yield from _text(source, start, cut.start)
        yield cut.inline
        start = cut.end
    yield from _text(source, start, end)


def _text(source: Source, start: int, end: int) -> Iterator[Text]:
    if start < end:
        yield Text(SPACE.sub(" ", source.text[start:end]), source.place(start))


def _trimmed(stretch: Iterable[Inline]) -> list[Inline]:
    """Without white space at both ends."""
    made = list(stretch)
    if made and isinstance(first := made[0], Text):
        made[0] = replace(first, text=first.text.lstrip(" "))
    if made and isinstance(last := made[-1], Text):
        made[-1] = replace(last, text=last.text.rstrip(" "))
    return [inline for inline in made if not isinstance(inline, Text) or inline.text]
