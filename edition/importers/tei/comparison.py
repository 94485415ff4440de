"""Compares the streams of a TEI file with those of an edition, and says what is lost, and where in the file.

Knows neither files nor editions. Where one word or note is missing the rest still fits, so every difference is
told once, in its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from edition.importers.tei.streams import BreakAt, NoteText, Streams

_WINDOW = 250
"""So many words or notes away from a difference both streams are looked through for where they meet again."""
_AGREE = 3
"""So many words must be alike for the streams to have met again."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What was lost, doubled, changed or moved, in words, and the line of the TEI file; 0 if it has none."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


class _Gap(NamedTuple):
    """Items `start` to `end` of the source, where items `new_start` to `new_end` of the edition stand."""

    start: int
    end: int
    new_start: int
    new_end: int


def differences(source: Streams, edition: Streams, limit: int = 20) -> list[Difference]:
    """What the edition lost, doubled or moved, in the order of body, notes, page breaks; at most `limit`."""
    found: list[Difference] = []
    for stream in (_in_body, _in_notes, _in_breaks, _in_entries):
        found += (difference for difference, _ in zip(stream(source, edition), range(limit), strict=False))
    return found[:limit]


# Body


def _in_body(source: Streams, edition: Streams) -> Iterator[Difference]:
    if source.body == edition.body:
        return
    placed = source.words()
    mine, theirs = [word for word, _ in placed], [word for word, _ in edition.words()]
    for gap in _gaps(mine, theirs):
        lost, new = mine[gap.start : gap.end], theirs[gap.new_start : gap.new_end]
        line = placed[min(gap.start, len(placed) - 1)][1] if placed else 0
        after = " ".join(mine[max(0, gap.start - 4) : gap.start])
        yield Difference(line, _body_message(lost, new) + (f" after `{after}`" if after else " at the beginning"))


def _body_message(lost: Sequence[str], new: Sequence[str]) -> str:
    if not new:
        return f"{_shown(lost)} {'is' if len(lost) == 1 else 'are'} lost"
    if not lost:
        return f"{_shown(new)} {'is' if len(new) == 1 else 'are'} doubled or added"
    return f"{_shown(lost)} became {_shown(new)}"


def _shown(words: Sequence[str]) -> str:
    if len(words) <= 12:
        return f"`{' '.join(words)}`"
    return f"{len(words)} words, `{' '.join(words[:6])} … {' '.join(words[-4:])}`,"


# Notes


def _in_notes(source: Streams, edition: Streams) -> Iterator[Difference]:
    mine, theirs = source.notes, edition.notes
    position = new_position = 0
    gaps = [*_gaps([note.text for note in mine], [note.text for note in theirs], agree=2)]
    for gap in (*gaps, _Gap(len(mine), len(mine), len(theirs), len(theirs))):
        for note, new in zip(mine[position : gap.start], theirs[new_position : gap.new_start], strict=True):
            yield from _in_note(note, new, source.heads)
        yield from _in_note_gap(mine[gap.start : gap.end], theirs[gap.new_start : gap.new_end])
        position, new_position = gap.end, gap.new_end


def _in_note(note: NoteText, new: NoteText, heads: Sequence[tuple[int, int]]) -> Iterator[Difference]:
    """Two notes of the same text."""
    if note.mark not in ("", new.mark):
        yield Difference(note.line, f"note {note.mark} became note {new.mark}: {_quoted(note)}")
    if note.offset != new.offset and not _under_heads(note.offset, new.offset, heads):
        yield Difference(note.line, f"the call of note {note.mark} moved: {_quoted(note)}")


def _in_note_gap(lost: Sequence[NoteText], new: Sequence[NoteText]) -> Iterator[Difference]:
    for note, other in zip(lost, new, strict=False):
        yield Difference(note.line, f"note {note.mark} {_quoted(note)} became {_quoted(other)}")
    for note in lost[len(new) :]:
        yield Difference(note.line, f"note {note.mark} is lost: {_quoted(note)}")
    for note in new[len(lost) :]:
        yield Difference(0, f"note {note.mark} is doubled or added: {_quoted(note)}")


def _quoted(note: NoteText) -> str:
    return f"`{note.text[:80]}…`" if len(note.text) > 80 else f"`{note.text}`"


# Entries of the index


def _in_entries(source: Streams, edition: Streams) -> Iterator[Difference]:
    mine, theirs = ([(e.mark, e.text) for e in streams.entries] for streams in (source, edition))
    if mine == theirs:
        for entry, new in zip(source.entries, edition.entries, strict=True):
            if entry.offset != new.offset and not _under_heads(entry.offset, new.offset, source.heads):
                yield Difference(entry.line, f"the entry `{entry.text}` of the index moved")
        return
    for gap in _gaps(mine, theirs, agree=2):
        for entry in source.entries[gap.start : gap.end]:
            yield Difference(entry.line, f"the entry `{entry.text}` of the index is lost or changed")
        for entry in edition.entries[gap.new_start : gap.new_end] if gap.start == gap.end else ():
            yield Difference(0, f"the entry `{entry.text}` of the index is doubled or added")


# Page breaks


def _in_breaks(source: Streams, edition: Streams) -> Iterator[Difference]:
    mine, theirs = source.breaks, edition.breaks
    position = new_position = 0
    keys, new_keys = ([(b.number, b.facs) for b in breaks] for breaks in (mine, theirs))
    for gap in (*_gaps(keys, new_keys, agree=2), _Gap(len(mine), len(mine), len(theirs), len(theirs))):
        for found, new in zip(mine[position : gap.start], theirs[new_position : gap.new_start], strict=True):
            if found.offset != new.offset and not _under_heads(found.offset, new.offset, source.heads):
                yield Difference(found.line, f"page break {_named(found)} moved")
        yield from _in_break_gap(mine[gap.start : gap.end], theirs[gap.new_start : gap.new_end])
        position, new_position = gap.end, gap.new_end


def _in_break_gap(lost: Sequence[BreakAt], new: Sequence[BreakAt]) -> Iterator[Difference]:
    for found, other in zip(lost, new, strict=False):
        yield Difference(found.line, f"page break {_named(found)} became {_named(other)}")
    for found in lost[len(new) :]:
        yield Difference(found.line, f"page break {_named(found)} is lost")
    for found in new[len(lost) :]:
        yield Difference(0, f"page break {_named(found)} is doubled or added")


def _named(found: BreakAt) -> str:
    return found.number + (f" (facs {found.facs})" if found.facs else "")


def _under_heads(start: int, end: int, heads: Iterable[tuple[int, int]]) -> bool:
    """Whether `end` is where the heads of divisions end that stand at `start` or go on from there.

    What stands before or in the head of a division may stand under it, with the first document there.
    """
    for first, last in heads:
        if first <= start < min(last, end):
            start = last
    return start == end


# Where two sequences part and meet again


def _gaps(mine: Sequence[object], theirs: Sequence[object], agree: int = _AGREE) -> Iterator[_Gap]:
    """The places where two sequences differ; both go on alike after each."""
    position = new = 0
    while True:
        while position < len(mine) and new < len(theirs) and mine[position] == theirs[new]:
            position, new = position + 1, new + 1
        if position == len(mine) and new == len(theirs):
            return
        end, new_end = _meeting(mine, theirs, position, new, agree)
        yield _Gap(position, end, new, new_end)
        position, new = end, new_end


def _meeting(
    mine: Sequence[object], theirs: Sequence[object], position: int, new: int, agree: int
) -> tuple[int, int]:
    """The nearest places from which on the two are alike, or their ends; further on by what is in both once."""
    for distance in range(1, _WINDOW):
        for skipped in range(distance + 1):
            start, other = position + skipped, new + distance - skipped
            if start > len(mine) or other > len(theirs):
                continue
            ahead = mine[start : start + agree]
            if ahead == theirs[other : other + agree] and (ahead or (start, other) == (len(mine), len(theirs))):
                return start, other
    return _landmark(mine, theirs, position, new)


def _landmark(mine: Sequence[object], theirs: Sequence[object], position: int, new: int) -> tuple[int, int]:
    """The first item from `position` on that stands exactly once in the rest of both, or the ends."""
    once = Counter(mine[position:])
    where = {item: index for index, item in enumerate(theirs) if index >= new}
    counted = Counter(theirs[new:])
    for index in range(position, len(mine)):
        if once[mine[index]] == 1 and counted[mine[index]] == 1:
            return index, where[mine[index]]
    return len(mine), len(theirs)
