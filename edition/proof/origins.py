"""The way from a character of a stream back to the character of the file that it was written with.

The model knows where each text begins. From there on file and text run alike but for line ends with what opens
the next line (indents, quotation signs) and for escaping backslashes. Knows the manuscript's streams and texts
of files; of the syntax only those two things.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from edition.proof.streams import Stream, Written
from edition.source import Place, Source

SHORTEST = 4
"""Characters that a text must have to be looked for in its file."""
_LINE_END = re.compile(r"[ \t\\]*\n[ \t>]*")
_WHITE = re.compile(r"[ \t]+")


class Origins:
    """Finds places; each written text is gone through once."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self.sources = sources
        """The files' texts by the path that places name."""
        self._lines: dict[str, int] = {}
        self._offsets: dict[tuple[str, Place], list[int] | None] = {}

    def place(self, stream: Stream, offset: int) -> Place | None:
        """Where the character at an offset of a stream was written; the stream's own place where none is known."""
        written, index = stream.origin(min(offset, max(stream.length - 1, 0)))
        if written is None or written.at is None:
            return stream.at
        return self.place_in(written, min(index, len(written.text)))

    def runs(self, stream: Stream, start: int, length: int) -> list[tuple[int, Place]]:
        """Where a stretch of a stream was written: each index at which the source goes on elsewhere, and there."""
        runs: list[tuple[int, Place]] = []
        number = max(0, bisect_right(stream.written, start, key=lambda written: written.offset) - 1)
        for written, after in zip_longest(stream.written[number:], stream.written[number + 1 :]):
            if written.offset >= start + length:
                break
            begin = max(start, written.offset)
            end = min(start + length, after.offset if after else stream.length)
            if written.at is not None and begin < end:
                first = written.begin + begin - written.offset
                runs += [(begin - start + step, at) for step, at in self.runs_in(written, first, end - begin)]
        return runs

    def runs_in(self, written: Written, first: int, length: int) -> Iterator[tuple[int, Place]]:
        """The runs of a written text's characters from `first` on; none where only its file is known."""
        assert written.at is not None
        source = self.sources.get(written.at.path)
        offsets = self.offsets(written.text, written.at, source) if source and self.holds(written.at) else None
        if source is None or offsets is None:
            yield 0, self.place_in(written, min(first, len(written.text)))
            return
        expected = -1
        for step, here in enumerate(offsets[first : first + length]):
            if here != expected or source.text[here - 1 : here] == "\n":
                yield step, source.place(here)
            expected = here + 1

    def holds(self, at: Place) -> bool:
        """Whether a place is in its file; not if that was saved anew meanwhile."""
        source = self.sources.get(at.path)
        return source is not None and at.line <= self.lines(source)

    def place_in(self, written: Written, index: int) -> Place:
        assert written.at is not None
        at, source = written.at, self.sources.get(written.at.path)
        if source is None or not self.holds(at):
            return Place(at.path, at.line, at.column + index)
        offsets = self.offsets(written.text, at, source)
        if offsets is None:
            return source.place(min(source.offset(at.line, at.column) + index, len(source.text)))
        return source.place(offsets[min(index, len(offsets) - 1)]) if offsets else at

    def lines(self, source: Source) -> int:
        if source.path not in self._lines:
            self._lines[source.path] = source.text.count("\n") + 1
        return self._lines[source.path]

    def offsets(self, text: str, at: Place, source: Source) -> list[int] | None:
        """The offset in the file of each character of a text; None where it stands there as it is.

        No offsets where it is not there: a number or a title of which only the file is known.
        """
        key = text, at
        if key not in self._offsets:
            start = source.offset(at.line, at.column)
            plain = source.text.startswith(text, start)
            self._offsets[key] = None if plain else _offsets(text, source.text, start)
        return self._offsets[key]


def _offsets(text: str, file: str, start: int) -> list[int]:
    """A text's offsets in a file: from `start` on, or wherever it stands from that line on; else none."""
    first = file[start : start + 1]
    if first == text[:1] or first in ("\\", "'", '"') or (text[:1] == " " and _LINE_END.match(file, start)):
        return _follow(text, file, start)
    line = file.rfind("\n", 0, start) + 1
    found = file.find(text, line) if len(text) >= SHORTEST else -1
    return list(range(found, found + len(text))) if found >= 0 else []


def _follow(text: str, file: str, start: int) -> list[int]:
    """Offsets of a text's characters in a file from `start`; where they part ways, the last one stays."""
    offsets: list[int] = []
    position = start
    for char in text:
        here = file[position : position + 1]
        if char == " " and (end := _LINE_END.match(file, position) or _WHITE.match(file, position)):
            offsets.append(position)
            position = end.end() if "\n" in end[0] else position + 1
            continue
        if char != here and (white := _LINE_END.match(file, position) or _WHITE.match(file, position)):
            position = white.end()
            here = file[position : position + 1]
        if (char != here and here in ("\\", "'")) or (char == here == "\\"):
            position += file[position + 1 : position + 2] == char  # what is escaped stands after its escape
        offsets.append(position)
        if file[position : position + 1] == char:
            position += 1
    return offsets
