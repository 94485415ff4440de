"""A whole volume: the contents tree, its documents with their titles and fields, persons and terms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from edition.findings import EditionError, Finding, Severity, declare
from edition.importers.tei.blocks import Blocks
from edition.importers.tei.characters import refuse_control_characters, report_odd_characters
from edition.importers.tei.corpus import find_persons_beside, text_of
from edition.importers.tei.documents import joined_lines, make_document, make_title_page
from edition.importers.tei.elements import (
    DIVISION_TYPES,
    Piece,
    elements_in,
    has_words,
    name_of,
    pieces,
    role_of,
    words_of,
)
from edition.importers.tei.header import Header, read_header
from edition.importers.tei.inlines import RunningText
from edition.importers.tei.named import make_named
from edition.importers.tei.notes import is_source_note
from edition.importers.tei.reading import Imported, Report
from edition.importers.tei.references import Targets
from edition.importers.tei.survey import LANGUAGE_TAG, Survey, leading_breaks, survey
from edition.importers.tei.tidy import tidy
from edition.importers.tei.xml_file import read_xml
from edition.model import (
    Block,
    Division,
    DivisionKind,
    Document,
    Edition,
    Emphasis,
    Entry,
    Generated,
    Image,
    Inline,
    PageBreak,
    Reference,
    Span,
    Strong,
    StyleChoice,
)
from edition.source import Place
from edition.walk import walk

NO_TEXT = declare(
    "I104",
    Severity.ERROR,
    """A file is no TEI.

    A TEI document has a root element `TEI`, and in it a `text` with something to print.
    """,
)

_PICTURE = re.compile(r"(?!\.)[\w ,()+-][\w ,()+./-]*\.(?:png|jpe?g|svg|gif|webp)", re.IGNORECASE)
_WAITING = ("page-break", "index", "mark")
"""What stands outside of documents and waits for the next one, as it is no text."""
_DEEPEST = 28
"""How deep blocks or inlines may stand in one another: a little less than a content file can hold."""
_DEEPEST_DIVISION = 12
"""How deep divisions may: each takes two levels of the contents, of which a YAML file can hold 32."""
TOO_DEEP = declare(
    "I117",
    Severity.ERROR,
    """Lists, quotations, tables, renderings or divisions stand too deep in one another.

    A content file holds thirty levels, the contents twelve levels of divisions. Real documents have ten and four.
    """,
)


def read(path: Path) -> Imported:
    """Make an edition of a TEI file.

    Raises EditionError if the file is no XML, no TEI, or one that a stranger may have built to do harm.
    """
    root = read_xml(path)
    report = Report(str(path))
    header, text = read_header(root), text_of(root, report)
    if text is None or not has_words(pieces(text)):
        hint = "a TEI document is `<TEI>` with `<teiHeader>` and `<text>`"
        raise EditionError([NO_TEXT.at(Place(str(path)), "there is no `text` in this file", hint=hint)])
    refuse_control_characters(text, report)
    found = survey(text, report)
    find_persons_beside(root, found)
    edition = _Volume(path, header, found).edition(text)
    report_odd_characters(text, report)
    if deep := [*_too_deep(edition)]:
        raise EditionError(deep)
    shown = (node.path for document in edition.documents for _, node in walk(document) if isinstance(node, Image))
    images = dict.fromkeys(shown)
    return Imported(edition, tuple(report.all()), tuple(images))


@dataclass
class _Volume:
    """Makes the entries of the contents in order; page breaks wait for the document that they stand before."""

    path: Path
    header: Header
    survey: Survey
    waiting: list[etree._Element] = field(default_factory=list)

    turns: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        survey = self.survey
        self.taken = {anchor.lower() for anchor in (*survey.anchors.values(), *survey.ids.values())}
        targets = Targets(self.survey, self.header.id)
        language = self.header.language if LANGUAGE_TAG.fullmatch(self.header.language) else "en"
        self.running = RunningText(self.survey, targets, self._has_picture, language)

    def edition(self, text: etree._Element) -> Edition:
        imprint = [Generated("imprint")] if self.header.imprint else []
        contents: list[Entry] = [Generated("title-page"), *imprint, Generated("contents")]
        contents += self.entries(pieces(text), "text")
        header, holders, report = self.header, self.survey.holders, self.survey.report
        edition = Edition(
            title=header.title or self.path.stem,
            contents=tuple(contents),
            id=header.id if re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]*", header.id) else "",
            subtitle=header.subtitle,
            volume=header.volume,
            editors=header.editors,
            place=header.place,
            publisher=header.publisher,
            year=header.year,
            imprint=header.imprint,
            language=self.running.language,
            style=StyleChoice("frus") if header.series else StyleChoice(),
            persons=make_named(holders, ("persName",), report),
            terms=make_named(holders, ("term", "gloss"), report),
            at=Place(str(self.path)),
        )
        if not self.waiting:
            return edition
        last = Blocks(self.survey, self.running).content(self.waiting)
        return replace(edition, contents=_with_last_blocks(edition.contents, last))

    # The contents

    def entries(self, run: Iterator[Piece] | Sequence[Piece], name: str) -> list[Entry]:
        """The entries that some pieces make; text between divisions is a document of its own."""
        made: list[Entry] = []
        loose: list[Piece] = []
        for piece in run:
            entries = None if isinstance(piece, str) else self._entry(piece)
            if entries is None:
                loose.append(piece)
                continue
            made += [*self._loose(loose, name), *entries()]
            loose = []
        return [*made, *self._loose(loose, name)]

    def _entry(self, element: etree._Element) -> Callable[[], list[Entry]] | None:
        """What makes the entries of an element, if it makes any."""
        shape = self.survey.shapes.get(element)
        if shape == "document":
            return lambda: [make_document(element, self._waited(), self.survey, self.running)]
        if shape == "division":
            return lambda: [self.division(element)]
        match name_of(element):
            case "front" | "back" as kind:
                return lambda: self._matter(element, "front" if kind == "front" else "back")
            case "body" | "group" | "text":
                return lambda: self.entries(pieces(element), name_of(element))
            case "titlePage":
                name = self._free_id("original-title-page")
                return lambda: [make_title_page(element, self._waited(), name, self.survey, self.running)]
        if any(self.survey.shapes.get(inner) in ("document", "division") for inner in elements_in(element)):
            return lambda: self._around(element)
        return None

    def _around(self, element: etree._Element) -> list[Entry]:
        """The entries of an element that has documents in it and is none of those that should."""
        if role_of(element) is None:
            self.survey.report.unknown(element)
        return self.entries(pieces(element), "text")

    def _waited(self) -> list[etree._Element]:
        """The page breaks that wait for a document, which takes them."""
        waited, self.waiting = self.waiting, []
        return waited

    def _matter(self, element: etree._Element, kind: DivisionKind) -> list[Entry]:
        contents = self.entries(pieces(element), kind)
        return [Division(kind, (), tuple(contents), at=self.survey.report.place(element))] if contents else []

    def division(self, element: etree._Element) -> Division:
        run, blocks, report = list(pieces(element)), Blocks(self.survey, self.running), self.survey.report
        heads = [piece for piece in run if not isinstance(piece, str) and name_of(piece) == "head"]
        self.waiting += leading_breaks(element)
        sources = (
            [p for p in run[: run.index(heads[0])] if not isinstance(p, str) and is_source_note(p)]
            if heads
            else []
        )
        taken = {*heads, *self.waiting, *sources}
        title = tidy(_without_breaks(joined_lines([blocks.inlines(pieces(line)) for line in (*sources, *heads)])))
        own = self.survey.ids[element]
        contents = self.entries([piece for piece in run if piece not in taken], own)
        return Division(self._kind(element), title, tuple(contents), own, blocks.notes(), at=report.place(element))

    def _kind(self, element: etree._Element) -> DivisionKind:
        for word in (*words_of(element, "type"), *words_of(element, "subtype")):
            if word in DIVISION_TYPES:
                return DIVISION_TYPES[word]
        outer = [a for a in element.iterancestors() if self.survey.shapes.get(a) == "division"]
        return "subchapter" if outer else "chapter"

    def _loose(self, run: list[Piece], name: str) -> list[Document]:
        """The document that text outside any division makes; page breaks alone wait for the next document."""
        ends = [index for index, piece in enumerate(run) if has_words([piece]) or _is_picture(piece)]
        end = ends[-1] + 1 if ends else 0
        trailing = [waiting for p in run[end:] if not isinstance(p, str) for waiting in _waiting(p)]
        if not end:
            self.waiting += trailing
            return []
        blocks = Blocks(self.survey, self.running)
        made = blocks.content([*self.waiting, *run[:end]])
        self.waiting = trailing
        if not made:
            return []
        first = next((piece for piece in run if not isinstance(piece, str)), None)
        at = self.survey.report.place(first) if first is not None else None
        return [Document(self._free_id(f"{name}-text"), (), made, blocks.notes(), type="text", at=at)]

    def _free_id(self, wanted: str) -> str:
        """An id for a document that the file does not name."""
        made = wanted
        while made.lower() in self.taken:
            self.turns[wanted] += 1
            made = f"{wanted}-{self.turns[wanted] + 1}"
        self.taken.add(made.lower())
        return made

    def _has_picture(self, url: str) -> bool:
        """Whether a picture lies in the file's folder, by a path that leads nowhere else."""
        if not _PICTURE.fullmatch(url) or ".." in url.split("/"):
            return False
        folder = self.path.parent.resolve()
        found = folder / url
        return found.is_file() and found.resolve().is_relative_to(folder)


def _without_breaks(title: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """A division's title, whose page breaks wait for the first document under it."""
    kept: list[Inline] = []
    for inline in title:
        if isinstance(inline, Emphasis | Strong | Span | Reference):
            kept.append(replace(inline, inlines=_without_breaks(inline.inlines)))
        elif not isinstance(inline, PageBreak):
            kept.append(inline)
    return tuple(kept)


def _waiting(element: etree._Element) -> Iterator[etree._Element]:
    """What waits for the next document, of an element without words."""
    if role_of(element) in _WAITING:
        yield element
    else:
        for inner in element:
            yield from _waiting(inner) if isinstance(inner.tag, str) else ()


def _is_picture(piece: Piece) -> bool:
    return not isinstance(piece, str) and role_of(piece) == "figure"


def _with_last_blocks(entries: tuple[Entry, ...], last: tuple[Block, ...]) -> tuple[Entry, ...]:
    """The entries, with some blocks at the end of the last document."""
    for index in range(len(entries) - 1, -1, -1):
        entry = entries[index]
        if isinstance(entry, Document):
            made: Entry = replace(entry, blocks=(*entry.blocks, *last))
        elif isinstance(entry, Division):
            made = replace(entry, contents=_with_last_blocks(entry.contents, last))
            if made == entry:
                continue
        else:
            continue
        return (*entries[:index], made, *entries[index + 1 :])
    return entries


def _too_deep(edition: Edition) -> Iterator[Finding]:
    """What stands deeper than files can hold it."""
    for document in edition.documents:
        if _depth(document.blocks) > _DEEPEST:
            yield TOO_DEEP.at(document.at, f"blocks stand more than {_DEEPEST} deep in one another")
        if any(_inline_depth(node) > _DEEPEST for _, node in walk(document) if isinstance(node, _MARKED)):
            yield TOO_DEEP.at(document.at, f"renderings stand more than {_DEEPEST} deep in one another")
    yield from _deep_divisions(edition.contents, 1)


def _deep_divisions(entries: Sequence[Entry], depth: int) -> Iterator[Finding]:
    for entry in entries:
        if isinstance(entry, Division) and depth > _DEEPEST_DIVISION:
            yield TOO_DEEP.at(entry.at, f"divisions stand more than {_DEEPEST_DIVISION} deep in one another")
        elif isinstance(entry, Division):
            yield from _deep_divisions(entry.contents, depth + 1)


_MARKED = (Emphasis, Strong, Span, Reference)


def _inline_depth(inline: object) -> int:
    if not isinstance(inline, _MARKED):
        return 0
    return 1 + max(map(_inline_depth, inline.inlines), default=0)


def _depth(blocks: Sequence[Block]) -> int:
    """How deep blocks stand in one another."""
    inner = [
        list(getattr(block, "blocks", ()))
        or [child for item in getattr(block, "items", ()) for child in item.blocks]
        or [
            child
            for row in getattr(block, "rows", ())
            for cell in getattr(row, "cells", ())
            for child in cell.blocks
        ]
        for block in blocks
    ]
    return 1 + max((_depth(children) for children in inner if children), default=0) if blocks else 0
