"""What generated lists must print: lines of contents, headings of the index, the words of titles.

It knows the resolved edition, and shares no code with rendering.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from edition.model import Document, Emphasis, Generated, Inline, LineBreak, Reference, Span, Strong, Text
from edition.resolved import ContentsLine, IndexHeading, ResolvedEdition


def index_words(headings: Iterable[IndexHeading]) -> Iterator[str]:
    """What the index prints besides its locators."""
    for heading in headings:
        yield heading.words
        if heading.see:
            yield "; ".join(heading.see)
        yield from index_words(heading.headings)


def listed_lines(resolved: ResolvedEdition, part: Generated) -> list[ContentsLine]:
    """The lines that contents or a list of documents print."""
    lines = [line for line in contents_lines(resolved) if not part.depth or line.level <= part.depth]
    if part.kind == "contents":
        return lines
    return [line for index, line in enumerate(lines) if _has_documents(lines[index:])]


def _has_documents(lines: Sequence[ContentsLine]) -> bool:
    """Whether the first line is that of a document, or of a division with documents under it."""
    under = (
        isinstance(line.entry, Document) for line in takewhile(lambda line: line.level > lines[0].level, lines[1:])
    )
    return isinstance(lines[0].entry, Document) or any(under)


def contents_lines(resolved: ResolvedEdition) -> list[ContentsLine]:
    """Contents lines with something to print; entries with neither number nor title have none, and no level."""
    kept: list[ContentsLine] = []
    silent: list[int] = []
    for line in resolved.contents:
        silent = [level for level in silent if level < line.level]
        if number_of(line) or words_of(line.entry.title).strip():
            kept.append(replace(line, level=line.level - len(silent)))
        else:
            silent.append(line.level)
    return kept


def number_of(line: ContentsLine) -> str:
    return line.entry.number if isinstance(line.entry, Document) else ""


def words_of(inlines: Iterable[Inline]) -> str:
    """The words of a title as contents and running heads repeat it: no calls, no breaks, nothing in the margin."""
    words = []
    for inline in inlines:
        match inline:
            case Text(text):
                words.append(text)
            case Span(kind="margin"):
                pass
            case Emphasis() | Strong() | Span() | Reference():
                words.append(words_of(inline.inlines))
            case LineBreak():
                words.append(" ")
    return "".join(words)
