"""Documents: title, source note and fields of each, and the title page. Knows no contents tree."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from edition.importers.tei.blocks import Blocks
from edition.importers.tei.elements import (
    DOCUMENT_TYPES,
    Piece,
    elements_in,
    has_words,
    id_of,
    name_of,
    pieces,
    plain,
    role_of,
    words_of,
)
from edition.importers.tei.inlines import RunningText
from edition.importers.tei.notes import is_source_note
from edition.importers.tei.survey import Survey
from edition.model import (
    Block,
    Document,
    Heading,
    Inline,
    LineBreak,
    OriginalPage,
    PageBreak,
    Paragraph,
    Text,
)


def make_document(
    element: etree._Element, breaks: Sequence[Piece], survey: Survey, running: RunningText
) -> Document:
    """The document of a `div`; `breaks` are page breaks that stand before it and open its first line."""
    blocks = Blocks(survey, running)
    sources, before_head, head, rest = _opening([*breaks, *pieces(element)])
    source_note = joined_lines([blocks.inlines(source) for source in sources])
    title = blocks.inlines([*before_head, *pieces(head)]) if head is not None else ()
    made = blocks.content(rest)
    return Document(
        id=survey.ids[element],
        title=title,
        blocks=made,
        notes=blocks.notes(),
        type=_type(element),
        source_note=source_note,
        date=_dated(element),
        place=_placed(element),
        from_=_parties(head, "from"),
        to=_parties(head, "to"),
        start_page=_opening_page((*source_note, *title, *made)) or survey.pages.get(element),
        language=running.language_of(element),
        at=survey.report.place(element),
    )


def make_title_page(
    element: etree._Element, breaks: Sequence[Piece], identifier: str, survey: Survey, running: RunningText
) -> Document:
    """The title page as printed: its title, and what stands under it."""
    blocks = Blocks(survey, running)
    run = [*breaks, *pieces(element)]
    titled = next((p for p in run if not isinstance(p, str) and name_of(p) == "docTitle"), None)
    title: tuple[Inline, ...] = ()
    if titled is not None and not has_words(run[: run.index(titled)]):
        before = [p for p in run[: run.index(titled)] if not isinstance(p, str) and role_of(p) == "page-break"]
        parts: list[Piece] = [p for p in titled if isinstance(p.tag, str)]
        opened = [[*(before if turn == 0 else ()), part] for turn, part in enumerate(parts)]
        title = joined_lines([blocks.inlines(part) for part in opened])
        run = [p for p in run if p is not titled and p not in before]
    made = blocks.content(run)
    at = survey.report.place(element)
    return Document(identifier, title, made, blocks.notes(), type="title-page", at=at)


def joined_lines(lines: Sequence[tuple[Inline, ...]]) -> tuple[Inline, ...]:
    """Some lines of running text with line breaks between them."""
    made: list[Inline] = []
    for line in lines:
        made += [*([LineBreak()] if made and line else []), *line]
    return tuple(made)


def _opening(run: list[Piece]) -> tuple[list[list[Piece]], list[Piece], etree._Element | None, list[Piece]]:
    """The source notes before a document's head, page breaks before the head, the head, and the rest.

    A page break before a source note opens it. There is no head where other text comes first.
    """
    sources: list[list[Piece]] = []
    breaks: list[Piece] = []
    for index, piece in enumerate(run):
        if isinstance(piece, str):
            if piece.strip(" \t\r\n"):
                break
        elif role_of(piece) in ("page-break", "index", "mark"):
            breaks.append(piece)
        elif is_source_note(piece) and _is_running(piece):
            sources += _note_lines([*breaks, piece])
            breaks = []
        elif name_of(piece) == "head":
            return sources, breaks, piece, run[index + 1 :]
        elif has_words([piece]):
            break
    return [], [], None, run


def _note_lines(run: list[Piece]) -> list[list[Piece]]:
    """The lines of a source note with the page breaks before it: its paragraphs, or all of it."""
    *breaks, note = run
    assert not isinstance(note, str)
    paragraphs = [child for child in note if isinstance(child.tag, str) and role_of(child) == "paragraph"]
    first, *others = [list(pieces(paragraph)) for paragraph in paragraphs] or [list(pieces(note))]
    return [[*breaks, *first], *others]


def _is_running(note: etree._Element) -> bool:
    """Whether a note holds nothing but running text and paragraphs."""
    return all(
        role_of(inner) in ("paragraph", "piece", "rendered", "named", "line-break", "note", "span", "reference")
        for inner in elements_in(note)
    )


def _opening_page(nodes: Sequence[Inline | Block]) -> OriginalPage | None:
    """The first original page with a number that begins before the first word."""
    for node in nodes:
        if isinstance(node, PageBreak):
            if node.page.number:
                return node.page
        elif isinstance(node, Paragraph | Heading):
            return _opening_page(node.inlines)
        elif not (isinstance(node, LineBreak) or (isinstance(node, Text) and not node.text.strip())):
            return None
    return None


def _type(element: etree._Element) -> str:
    named = (*words_of(element, "type"), *words_of(element, "subtype"), id_of(element).lower())
    return next((DOCUMENT_TYPES[word] for word in named if word in DOCUMENT_TYPES), "")


def _dated(document: etree._Element) -> str:
    """The date of the first dateline, as its mark-up gives it."""
    for dateline in document.iterfind("{*}dateline"):
        for date in dateline.iterfind(".//{*}date"):
            return str(date.get("when") or date.get("notBefore") or "")
    for date in document.iterfind("{*}opener//{*}date"):
        return str(date.get("when") or "")
    return ""


def _placed(document: etree._Element) -> str:
    for path in ("{*}dateline//{*}placeName", "{*}opener//{*}placeName"):
        found = document.find(path)
        if found is not None and plain(found):
            return plain(found).rstrip(",;")
    return ""


def _parties(head: etree._Element | None, role: str) -> str:
    if head is None:
        return ""
    found = [
        plain(e).strip(" *,;")
        for e in elements_in(head)
        if e.get("type") == role and name_of(e) in ("persName", "gloss", "orgName", "name")
    ]
    return "; ".join(dict.fromkeys(words for words in found if words))
