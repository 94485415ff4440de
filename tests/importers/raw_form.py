"""Turns documents of a TEI volume into the raw form that the plain text importer reads, and keeps the truth.

The raw form: a line with the file number, the title, paragraphs with `[Page N]` and calls glued to the word
before, and the notes as an indented list numbered anew from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

TEI = "{http://www.tei-c.org/ns/1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
BLOCKS = {
    "p", "head", "item", "label", "row", "signed", "closer", "dateline", "opener", "table", "list", "quote",
    "postscript", "attachment", "div", "figure", "salute", "lg", "l", "address", "addrLine",
}  # fmt: skip


@dataclass
class RawDocument:
    """A raw text, and where its calls truly are."""

    id: str
    chapter: int
    text: str
    marks: list[str] = field(default_factory=list)
    """The calls' marks as printed, in order."""
    calls: list[tuple[int, str]] = field(default_factory=list)
    """Each call: how many characters before it are neither white space nor calls, and its mark."""

    @property
    def consecutive(self) -> bool:
        """Whether the marks are numbers that follow one another."""
        if not self.marks or not all(mark.isascii() and mark.isdecimal() for mark in self.marks):
            return False
        first = int(self.marks[0])
        return [int(mark) for mark in self.marks] == list(range(first, first + len(self.marks)))


def raw_documents(volume: Path) -> Iterator[RawDocument]:
    """All documents of a volume in order."""
    root = etree.parse(str(volume)).getroot()
    chapters: dict[int, int] = {}
    for div in root.iter(f"{TEI}div"):
        if div.get("type") == "document":
            parent = div.getparent()
            assert parent is not None
            chapter = chapters.setdefault(id(parent), len(chapters))
            yield _Writer(div).document(div.get(XML_ID) or "d", chapter)


class _Writer:
    """Writes one document; source notes first, then the text, then the list of notes."""

    def __init__(self, div: etree._Element) -> None:
        self.div = div
        self.pieces: list[str | tuple[str]] = []
        self.notes: list[list[str]] = []
        self.source_notes: list[str] = []
        self._element(div)

    def _element(self, element: etree._Element) -> None:
        tag = element.tag.split("}")[1]
        if tag == "note" and element.get("type") == "source" and not self.source_notes:
            self.source_notes.append(_plain(_words(element)))
        elif tag == "note" and element.get("n"):
            self.pieces.append((element.get("n", ""),))
            self.notes.append(_paragraphs(element))
        elif tag != "div" or element is self.div:
            self._content(element, tag)

    def _content(self, element: etree._Element, tag: str) -> None:
        block = tag in BLOCKS or (tag == "note")
        if tag == "pb":
            self.pieces.append(f"[Page {element.get('n')}]")
        self.pieces.append("\n\n" if block else "\n" if tag == "lb" else "")
        self.pieces.append(_spaces(element.text))
        for child in element:
            if isinstance(child.tag, str):
                self._element(child)
            self.pieces.append(_spaces(child.tail))
        self.pieces.append("\n\n" if block else "  " if tag == "cell" else "")

    def document(self, name: str, chapter: int) -> RawDocument:
        marks = [piece[0] for piece in self.pieces if isinstance(piece, tuple)]
        head = f"{self.source_notes[0]}\n\n" if self.source_notes else ""
        before = len(re.sub(r"\s", "", head))
        calls: list[tuple[int, str]] = []
        written = ""
        for piece in self.pieces:
            if isinstance(piece, tuple):
                written = _glue(written, piece[0])
                before = len(re.sub(r"\s", "", head + written)) - sum(len(mark) for _, mark in calls)
                calls.append((before, piece[0]))
                written += piece[0]
            else:
                before += len(re.sub(r"\s", "", piece))
                written += piece
        body = "\n\n".join(lines for part in re.split(r"\n\s*\n", written) if (lines := part.strip()))
        listed = [
            f"  {number}. " + "\n     ".join(paragraphs) for number, paragraphs in enumerate(self.notes, start=1)
        ]
        return RawDocument(name, chapter, head + "\n".join([body, *listed]) + "\n", marks, calls)


def _glue(written: str, mark: str) -> str:
    """The text before a call: without white space, and without a mark that the source prints as well."""
    glued = written.rstrip()
    return glued if not glued.endswith("." + mark) else glued.removesuffix(mark)


def _spaces(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _words(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _plain(text: str) -> str:
    return _spaces(text).strip()


def _paragraphs(note: etree._Element) -> list[str]:
    paragraphs = note.findall(f"{TEI}p")
    texts = [_plain(_words(paragraph)) for paragraph in paragraphs]
    return [text for text in texts if text] if paragraphs else [_plain(_words(note)) or "…"]
