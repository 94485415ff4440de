"""What is said by a TEI file and by an Edition, as streams: body text, notes, page breaks, entries of the index.

`file_streams` reads them from the file, `edition_streams` from the edition; `comparison` compares them. This is
the first stage of the proof from the source to the PDF, and so it shares no code with the importer: what that
overlooks, this must not overlook for the same reason.

Blocks, cells, line breaks and page breaks count as one space, and all white space does; texts are compared
in NFC. A brace that groups rows of a table is drawn and not written, so it counts as nothing.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class NoteText:
    """A call, or a note that nothing calls: the printed mark, empty if the source gives none, and the text."""

    mark: str
    text: str
    offset: int
    """How many letters and signs of the body precede the call."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class BreakAt:
    """A page break: its number as printed, its scan, and how many letters and signs of the body precede it."""

    number: str
    facs: str
    offset: int
    line: int = 0


@dataclass
class Streams:
    """The three streams of a volume; those of a file and of the edition made from it must be equal.

    Lines are those of the TEI file, from 1; 0 where they are not known, as in an edition.
    """

    written: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """On which line each piece of `written` begins."""
    notes: list[NoteText] = field(default_factory=list)
    breaks: list[BreakAt] = field(default_factory=list)
    entries: list[NoteText] = field(default_factory=list)
    """Entries of the index: `begin`, `end` or nothing, and the heading."""
    heads: list[tuple[int, int]] = field(default_factory=list)
    """Where the heads of divisions stand in the body, by the same count as breaks."""
    offset: int = 0

    @property
    def body(self) -> str:
        return normal("".join(self.written))

    def write(self, text: str, line: int = 0) -> None:
        self.written.append(text)
        self.lines.append(line)
        self.offset += len(re.sub(r"\s", "", unicodedata.normalize("NFC", text)))

    def words(self) -> list[tuple[str, int]]:
        """The words of the body, each with the line on which it begins."""
        starts = list(accumulate(map(len, self.written), initial=0))[:-1]
        written, found = "".join(self.written), []
        for match in re.finditer(r"[^ \t\r\n]+", written):
            piece = bisect_right(starts, match.start()) - 1
            line = self.lines[piece] + written.count("\n", starts[piece], match.start())
            found.append((unicodedata.normalize("NFC", match[0]), line))
        return found


def normal(text: str) -> str:
    """A text as it is compared."""
    return re.sub(r"[ \t\r\n]+", " ", unicodedata.normalize("NFC", text)).strip()
