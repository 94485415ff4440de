"""A volume: edition.yaml, the documents that it names, persons and terms. Knows no syntax of a body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from edition.files import MISSING, OUTSIDE, Folder
from edition.findings import EditionError, Finding, Severity, declare, has_errors
from edition.manuscript.attributes import nearest
from edition.manuscript.document import read_definitions, read_document, read_field
from edition.manuscript.fields import (
    WRONG_SHAPE,
    DivisionFields,
    GeneratedFields,
    NamedFields,
    VolumeFields,
    read_fields,
    read_mapping,
)
from edition.manuscript.notes import report_undefined, settle_marks
from edition.manuscript.reading import Reading, Scope, Within
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
from edition.source import Place, Source
from edition.strict_yaml import Mapping, Node, Scalar, Sequence, read_yaml

SAME_ID = declare(
    "S102",
    Severity.ERROR,
    """An id stands twice.

    Documents and divisions share one set of ids, persons have one and terms have one. References lead to
    ids, and documents are saved under theirs.""",
)
TWICE = declare(
    "S103",
    Severity.ERROR,
    """A document is listed twice in the contents.

    A glob may name documents that are named elsewhere as well.""",
)
NOTHING_MATCHES = declare(
    "F109",
    Severity.ERROR,
    """A pattern in the contents matches no document.

    `documents/d4*.md` names all files that begin with `d4`; `*` stands for any letters, `?` for one.""",
)

VOLUME = "edition.yaml"


def load(
    directory: Path,
    *,
    label: str | None = None,
    documents: KeptDocuments | None = None,
) -> tuple[Edition, tuple[Finding, ...]]:
    """The edition in a folder, and what was found that stops nothing.

    `label` stands before the paths in findings, by default the folder as given; what `documents` keeps is not read
    again. Raises EditionError with everything that was found in all files if any of it is an error.
    """
    loader = _Loader(Folder(directory, label), None, documents if documents is not None else KeptDocuments())
    edition = loader.load()
    if edition is None or has_errors(loader.findings):
        raise EditionError(loader.findings)
    return edition, tuple(loader.findings)


def load_as_far_as_possible(folder: Folder, volume: Source) -> tuple[Edition | None, list[Finding]]:
    """The edition that a volume's file describes without what has errors, and all that was found."""
    loader = _Loader(folder, volume, KeptDocuments())
    return loader.load(), loader.findings


LEFT_OUT = declare(
    "F112",
    Severity.WARNING,
    """A document of the folder is not in the contents.

    It stands in `documents/`, and nothing in the contents names it, so it is not in the book. Name it there, or
    keep what is not meant for the book in another folder.""",
)


class KeptDocuments:
    """Documents that were read, to be had again as long as the text of their file is the same.

    Only those in which nothing was found and that have no pictures, whose files may come and go.
    """

    def __init__(self) -> None:
        self.read: dict[str, tuple[str, Document]] = {}
        """By path the text and the document of the last reading."""

    def get(self, source: Source) -> Document | None:
        text, document = self.read.get(source.path, ("", None))
        return document if text == source.text else None

    def keep(self, source: Source, document: Document) -> None:
        self.read[source.path] = source.text, document


class _Loader:
    def __init__(self, folder: Folder, volume: Source | None, documents: KeptDocuments) -> None:
        self.folder = folder
        self.volume = volume
        self.documents = documents
        self.findings: list[Finding] = []
        self.listed: dict[str, Place] = {}
        """Where each document was listed first."""

    def load(self) -> Edition | None:
        source = self._volume_source()
        if source is None:
            return None
        fields = read_mapping(source, 0, len(source.text), self.findings)
        volume = read_fields(VolumeFields, fields, source, self.findings) if fields else None
        contents = self._contents(fields, source)
        self._tell_left_out()
        persons, terms = self._named("persons.yaml"), self._named("terms.yaml")
        if volume is None or fields is None:
            return None
        reading = Reading(source, self.findings)
        reading.check_id(volume.id, fields.offset("id"))
        reading.check_language(volume.language, fields.offset("language"))
        edition = Edition(
            title=volume.title,
            contents=contents,
            id=volume.id,
            subtitle=volume.subtitle,
            running_title=volume.running_title,
            volume=volume.volume,
            editors=tuple(volume.editors),
            place=volume.place,
            publisher=volume.publisher,
            year=volume.year,
            imprint=volume.imprint,
            language=volume.language,
            style=self._style(volume.style, fields, source),
            notes=NotePolicy(volume.notes.numbering, volume.notes.place),
            original_pages=volume.original_pages.mode,
            new_pages=volume.original_pages.new_pages,
            outline_pages=volume.original_pages.outline == "yes",
            persons=persons,
            terms=terms,
            at=Place(source.path),
        )
        self._check_ids(edition)
        return edition

    def _check_ids(self, edition: Edition) -> None:
        """Report the same id twice; those inside documents are for `resolve`, which knows all anchors."""
        for holders in (list(_with_ids(edition.contents)), edition.persons, edition.terms):
            seen: dict[str, Place | None] = {}
            for holder in holders:
                if holder.id and holder.id in seen:
                    hint = f"first at {seen[holder.id]}"
                    message = f"the id `{holder.id[:60]}` stands twice"
                    self.findings.append(SAME_ID.at(holder.at, message, hint=hint))
                seen.setdefault(holder.id, holder.at)

    def _volume_source(self) -> Source | None:
        if not self.folder.path.is_dir():
            hint = "name the folder that it is in" if self.folder.path.is_file() else None
            self.findings.append(MISSING.at(Place(self.folder.label), "there is no such folder", hint=hint))
            return None
        return self.volume or self.folder.read(VOLUME, self.findings)

    def _style(self, style: dict[str, str], fields: Mapping, source: Source) -> StyleChoice:
        settings = tuple(sorted((key, value) for key, value in style.items() if key != "name"))
        at, node = source.place(fields.offset("style")), fields.get("style")
        inside = node if isinstance(node, Mapping) else fields
        places = tuple((key, source.place(inside.offset(key))) for key, _ in settings)
        return StyleChoice(style.get("name") or StyleChoice().name, settings, at, places)

    # The contents

    def _contents(self, fields: Mapping | None, source: Source) -> tuple[Entry, ...]:
        node = fields.get("contents") if fields else None
        if isinstance(node, Sequence):
            return self._entries(node, source)
        title_page = Generated("title-page", at=Place(source.path))
        return (title_page, *self._documents("documents/*.md", Place(source.path)))

    def _entries(self, node: Node | None, source: Source) -> tuple[Entry, ...]:
        entries: list[Entry] = []
        for child in node.nodes if isinstance(node, Sequence) else ():
            place = source.place(child.start)
            if isinstance(child, Scalar):
                entries += self._documents(child.text, place)
            elif isinstance(child, Mapping) and child.get("generated"):
                if made := read_fields(GeneratedFields, child, source, self.findings):
                    depth = int(made.depth or 0)
                    entries.append(Generated(made.generated, made.title, depth, place))
            elif isinstance(child, Mapping) and child.get("division"):
                entries += self._division(child, source, place)
            else:
                message, hint = "this is no entry of the contents", _entry_hint(child)
                self.findings.append(WRONG_SHAPE.at(place, message, hint=hint))
        return tuple(entries)

    def _division(self, node: Mapping, source: Source, place: Place) -> list[Division]:
        fields = read_fields(DivisionFields, node, source, self.findings)
        reading = Reading(source, self.findings, find_image=self.folder.image_trouble)
        within = Within(reading, Scope())
        content = node.content("title", source)
        title = read_field(content.stripped(), within) if content else ()
        if notes := node.content("notes", source):
            read_definitions(notes, within)
        settle_marks(within.scope, within)
        report_undefined(reading)
        contents = self._entries(node.get("contents"), source)
        if fields is None:
            return []
        reading.check_id(fields.id, node.offset("id"))
        defined = tuple(within.scope.notes.values())
        return [Division(fields.division, title, contents, fields.id, defined, fields.running_title, place)]

    def _documents(self, path: str, place: Place) -> list[Document]:
        if trouble := self.folder.trouble(path):
            self.findings.append(OUTSIDE.at(place, trouble, hint="try `documents/NAME.md`"))
            return []
        documents = []
        for name in self._matches(path, place):
            if name in self.listed:
                hint = f"first at {self.listed[name]}"
                self.findings.append(TWICE.at(place, f"`{name}` is listed twice", hint=hint))
                continue
            self.listed[name] = place
            if document := self._document(name, place):
                documents.append(document)
        return documents

    def _matches(self, path: str, place: Place) -> list[str]:
        """The files that a path or a pattern names, relative to the folder, d9 before d10."""
        if not re.search(r"[*?\[]", path) or self.folder.has(path):
            return [re.sub(r"^(\./)+|/(?=/)", "", path)]
        try:
            found = list(self.folder.path.glob(path))
        except (ValueError, NotImplementedError, OSError):
            found = []
        names = sorted(self._documents_in(found), key=_natural)
        if not names:
            self.findings.append(NOTHING_MATCHES.at(place, f"`{path[:80]}` matches no document"))
        outside = {name: trouble for name in names if (trouble := self.folder.trouble(name))}
        hint = "copy the file into the folder, or name the documents one by one"
        self.findings += [OUTSIDE.at(place, trouble, hint=hint) for trouble in outside.values()]
        return [name for name in names if name not in outside]

    def _document(self, name: str, place: Place) -> Document | None:
        at = None if self.folder.has(name) else place
        source = self.folder.read(name, self.findings, at)
        if source is None:
            return None
        if (kept := self.documents.get(source)) is not None:
            return kept
        asked: list[str] = []

        def image_trouble(path: str) -> str | None:
            asked.append(path)
            return self.folder.image_trouble(path)

        document, findings = read_document(source, image_trouble)
        if document is not None and not findings and not asked:
            self.documents.keep(source, document)
        self.findings += findings
        return document

    def _tell_left_out(self) -> None:
        """Report the documents of the folder that the contents do not name, if those could be read."""
        if has_errors(self.findings):
            return
        with suppress(OSError):
            for name in sorted(self._documents_in(self.folder.path.glob("documents/*")), key=_natural):
                if name not in self.listed:
                    message = f"`{name}` is not in the contents, and so not in the book"
                    self.findings.append(LEFT_OUT.at(self.folder.place(name), message, hint="name it there"))

    def _documents_in(self, found: Iterable[Path]) -> set[str]:
        """Those of some files that are documents, relative to the folder."""
        return {
            file.relative_to(self.folder.path).as_posix()
            for file in found
            if file.suffix.lower() == ".md" and not file.name.startswith(".")
        }

    # Persons and terms

    def _named(self, name: str) -> tuple[Named, ...]:
        if not self.folder.has(name):
            return ()
        if trouble := self.folder.trouble(name):
            self.findings.append(OUTSIDE.at(self.folder.place(name), trouble))
            return ()
        source = self.folder.read(name, self.findings)
        root = read_yaml(source, 0, len(source.text), self.findings) if source else None
        if source is None or root is None:
            return ()
        if not isinstance(root, Sequence):
            message = "this must be a list"
            hint = "an item is `- id: …`, and under it `name: …`"
            self.findings.append(WRONG_SHAPE.at(source.place(root.start), message, hint=hint))
            return ()
        reading, named = Reading(source, self.findings), []
        for node in root.nodes:
            fields = read_fields(NamedFields, node, source, self.findings)
            if fields and isinstance(node, Mapping):
                reading.check_id(fields.id, node.offset("id"))
                at = source.place(node.start)
                named.append(Named(fields.id, fields.name, fields.description, at))
        return tuple(named)


def _with_ids(entries: tuple[Entry, ...]) -> Iterator[Division | Document]:
    for entry in entries:
        if not isinstance(entry, Generated):
            yield entry
        if isinstance(entry, Division):
            yield from _with_ids(entry.contents)


def _entry_hint(node: Node) -> str:
    keys = list(node.entries) if isinstance(node, Mapping) else []
    close = nearest(keys[0], ("generated", "division")) if keys else None
    return close or "`generated: …`, `division: …` or the path of a document"


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """A key that sorts numbers by their value."""
    parts: list[Any] = re.findall(r"[0-9]+|[^0-9]+", name)
    return [(part[0].isdigit(), int(part) if part[0].isdigit() else 0, part) for part in parts]
