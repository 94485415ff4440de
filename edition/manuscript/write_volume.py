"""An edition written into a folder: edition.yaml, its documents, persons and terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from edition.files import write_files
from edition.findings import EditionError, Finding
from edition.manuscript.reading import BAD_ID
from edition.manuscript.syntax import IDENTIFIER
from edition.manuscript.volume import SAME_ID, VOLUME
from edition.manuscript.write_blocks import write_blocks, write_field, write_scope
from edition.manuscript.write_yaml import write_list, write_pair, write_scalar
from edition.model import (
    Division,
    Document,
    Edition,
    Entry,
    Generated,
    Named,
    NotePolicy,
    StyleChoice,
)


def save(edition: Edition, directory: Path, *, force: bool = False) -> tuple[Path, ...]:
    """Write an edition into a folder, which is made if it is missing; the files written.

    Raises EditionError, and leaves everything as it was, if one of them exists and `force` is not given, if
    one cannot be written, or if ids of documents are no names for files.
    """
    return write_files(directory, texts_of(edition, directory), force=force)


def texts_of(edition: Edition, directory: Path) -> dict[str, str]:
    """The files that `save` would write into a folder: their paths in it, and their texts.

    Raises EditionError if ids of documents are no names for files.
    """
    texts = {VOLUME: _volume(edition), **_document_texts(list(edition.documents))}
    for name, entries in (("persons.yaml", edition.persons), ("terms.yaml", edition.terms)):
        if entries or (directory / name).exists():
            texts[name] = _named(entries)
    return texts


def save_documents(documents: Sequence[Document], directory: Path, *, force: bool = False) -> tuple[Path, ...]:
    """Write documents into an edition's folder and nothing else; the files written. Raises as `save` does."""
    return write_files(directory, _document_texts(documents), force=force)


def _document_texts(documents: Sequence[Document]) -> dict[str, str]:
    if findings := list(_bad_ids(documents)):
        raise EditionError(findings)
    return {f"documents/{document.id}.md": save_document(document) for document in documents}


def _bad_ids(documents: Sequence[Document]) -> Iterator[Finding]:
    seen: set[str] = set()
    for document in documents:
        if not IDENTIFIER.fullmatch(document.id):
            yield BAD_ID.at(document.at, f"`{document.id[:60]}` cannot be the name of a file")
        if document.id.lower() in seen:
            message = f"two documents would be saved as `documents/{document.id}.md`"
            yield SAME_ID.at(document.at, message, hint="ids must differ in more than capitals")
        seen.add(document.id.lower())


def save_document(document: Document) -> str:
    """The text of one document."""
    lines = ["---", *_front_matter(document), "---"]
    body = write_scope(write_blocks(document.blocks), document.notes)
    if body:
        lines += ["", *body]
    return "\n".join(lines) + "\n"


def _front_matter(document: Document) -> Iterator[str]:
    texts = {
        "id": document.id,
        "number": document.number,
        "type": document.type,
        "title": write_field(document.title),
        "running-title": document.running_title,
        "source-note": write_field(document.source_note),
        "headnote": write_field(document.headnote),
        "date": document.date,
        "place": document.place,
        "from": document.from_,
        "to": document.to,
    }
    yield from _pairs(texts)
    if document.start_page is not None:
        yield from write_pair("start-page", str(document.start_page), quoted=True)
    yield from _pairs({"language": document.language})
    if document.persons:
        yield from write_list("persons", document.persons)
    if document.allow:
        yield "allow:"
        for code, reason in document.allow:
            yield from _indented(write_pair(code, reason))


def _pairs(texts: dict[str, str]) -> Iterator[str]:
    for key, text in texts.items():
        if text:
            yield from write_pair(key, text)


def _indented(lines: Sequence[str], first: str = "  ") -> Iterator[str]:
    for number, line in enumerate(lines):
        yield (first if number == 0 else "  ") + line if line else ""


def _volume(edition: Edition) -> str:
    return "\n".join(_volume_lines(edition)) + "\n"


def _volume_lines(edition: Edition) -> Iterator[str]:
    yield from write_pair("title", edition.title)
    yield from _pairs({"id": edition.id, "subtitle": edition.subtitle, "volume": edition.volume})
    yield from _pairs({"running-title": edition.running_title})
    if edition.editors:
        yield from write_list("editors", edition.editors)
    yield from _pairs({"place": edition.place, "publisher": edition.publisher, "year": edition.year})
    yield from _pairs({"imprint": edition.imprint})
    yield from write_pair("language", edition.language)
    yield from _style(edition.style)
    if edition.notes != NotePolicy():
        yield f"notes: {{numbering: {edition.notes.numbering}, place: {edition.notes.place}}}"
    yield from _original_pages(edition)
    yield "contents:" if edition.contents else "contents: []"
    yield from _contents(edition.contents)


def _original_pages(edition: Edition) -> Iterator[str]:
    mode = write_scalar(edition.original_pages)[0]
    if edition.new_pages == "index" and not edition.outline_pages:
        yield f"original-pages: {mode}"
        return
    outline = ", outline: yes" if edition.outline_pages else ""
    yield f"original-pages: {{mode: {mode}, new-pages: {edition.new_pages}{outline}}}"


def _style(style: StyleChoice) -> Iterator[str]:
    if not style.settings:
        yield from write_pair("style", style.name)
        return
    yield "style:"
    for key, value in (("name", style.name), *style.settings):
        yield from _indented(write_pair(key, value))


def _contents(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        yield from _indented(list(_indented(_entry(entry), "- ")))


def _entry(entry: Entry) -> list[str]:
    match entry:
        case Generated():
            depth = {"depth": str(entry.depth) if entry.depth else ""}
            return [f"generated: {entry.kind}", *_pairs({"title": entry.title} | depth)]
        case Document():
            return [f"documents/{entry.id}.md"]
        case Division():
            lines = [f"division: {entry.kind}"]
            notes = "\n".join(write_scope([], entry.notes))
            texts = {"id": entry.id, "title": write_field(entry.title), "running-title": entry.running_title}
            lines += _pairs({**texts, "notes": notes})
            return [*lines, "contents:" if entry.contents else "contents: []", *_contents(entry.contents)]


def _named(entries: Sequence[Named]) -> str:
    lines: list[str] = [] if entries else ["[]"]
    for entry in entries:
        pairs = [*write_pair("id", entry.id), *write_pair("name", entry.name)]
        pairs += _pairs({"description": entry.description})
        lines += _indented_under("-", pairs)
    return "\n".join(lines) + "\n"


def _indented_under(sign: str, lines: Sequence[str]) -> list[str]:
    return list(_indented(lines, f"{sign} "))
