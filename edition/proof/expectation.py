"""What a proof must know of the manuscript, and which share of it each part of the book has to show.

Every stream belongs to exactly one part: the first that has its element. Ancestors are repeated in each part that
goes on with them, and count once. A stream whose element is nowhere belongs to the part of the stream before it,
which will not find it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import zip_longest

from edition.findings import Finding
from edition.model import Division, Document, Entry, OriginalPages, documents_of
from edition.pages import Part
from edition.proof.origins import Origins
from edition.proof.part_proof import FORMAT
from edition.proof.parts import keys_in
from edition.proof.streams import Key, Stream, Streams, streams_of
from edition.resolved import ResolvedEdition
from edition.source import Place, Source


@dataclass(frozen=True)
class Expectation:
    """What must stand in the book, where it was written, and what a style may set it in."""

    streams: Streams
    origins: Origins
    names: Mapping[str, str]
    """What the paths of places are called in the places file, from the edition's folder."""
    file: str
    """The path of the edition's own file."""
    mode: OriginalPages
    starts: Mapping[Key, str]
    """By document, or the outermost division that it opens, the original page that it starts on."""
    families: frozenset[str]

    def name(self, path: str) -> str:
        return self.names.get(path, path)


def expect(
    resolved: ResolvedEdition,
    *,
    families: Iterable[str],
    sources: Iterable[Source] = (),
    names: Mapping[str, str] | None = None,
) -> Expectation:
    """What an edition leads one to expect. `sources` are its files, with the paths that places name."""
    edition = resolved.edition
    return Expectation(
        streams_of(resolved),
        Origins({source.path: source for source in sources}),
        names or {},
        edition.at.path if edition.at else "",
        edition.original_pages,
        start_pages(resolved),
        frozenset(families),
    )


def start_pages(resolved: ResolvedEdition) -> dict[Key, str]:
    """Where original pages start: the heads of divisions that a document opens stand on its start page, too."""
    anchors = {id(line.entry): line.anchor for line in resolved.contents}
    started: dict[str, Key] = {}
    starts: dict[Key, str] = {}

    def start(key: Key, document: Document | None) -> None:
        if document and document.start_page and started.setdefault(document.id, key) == key:
            starts[key] = str(document.start_page)

    def enter(entries: Iterable[Entry]) -> None:
        for entry in entries:
            match entry:
                case Document():
                    start(Key("document", entry.id), entry)
                case Division():
                    if entry.title:
                        start(Key("division", anchors[id(entry)]), next(documents_of(entry.contents[:1]), None))
                    enter(entry.contents)

    enter(resolved.edition.contents)
    return starts


@dataclass(frozen=True)
class Share:
    """What one part has to show. Generated parts are counted within it, as it knows of no others."""

    expectation: Expectation
    keys: dict[Key, Key]
    """The part's own keys → those of the book."""
    streams: Streams
    """By the part's own keys."""
    base: int
    """The line of the edition's own file from which the part counts lines there."""

    # Places, as a part knows them

    def outwards(self, finding: Finding) -> Finding:
        """A finding with its file by name; in the edition's own file lines are counted from the base."""
        at = finding.place
        return replace(finding, place=self.relative(at)) if at else finding

    def relative(self, at: Place) -> Place:
        line = at.line - self.base if at.path == self.expectation.file else at.line
        return Place(self.expectation.name(at.path), line, at.column)

    def inwards(self, finding: Finding, paths: Mapping[str, str], folio: str | None) -> Finding:
        """A finding of the part as one of the book, given the paths of names and the folio of its page."""
        at = finding.place
        return replace(finding, place=self.absolute(at, paths) if at else None, folio=folio)

    def absolute(self, at: Place, paths: Mapping[str, str]) -> Place:
        path = paths.get(at.path, at.path)
        return Place(path, at.line + self.base if path == self.expectation.file else at.line, at.column)


def share_out(
    expectation: Expectation, parts: Sequence[Part], begun: dict[str, tuple[Key, ...]] | None = None
) -> list[Share]:
    """What each part has to show; all of them together, everything, once.

    `begun` are streams that begin in parts, by the keys of these so far as is known; it is brought up to date.
    """
    if not parts:
        return []
    known, found = dict(begun or {}), dict[str, tuple[Key, ...]]()
    owners: dict[Key, tuple[int, Key]] = {}
    before: dict[str, int] = {}
    for number, part in enumerate(parts):
        found[part.key] = known[part.key] if part.key in known else keys_in(part.labels)
        for key in found[part.key]:
            owners.setdefault(_in_book(key, before), (number, key))
        for kind, count in Counter(
            key.id.partition(" ")[0] for key in found[part.key] if key.kind == "generated"
        ).items():
            before[kind] = before.get(kind, 0) + count
    if begun is not None:
        begun.clear()
        begun.update(found)
    keys: list[dict[Key, Key]] = [{} for _ in parts]
    last = 0
    for key in expectation.streams:
        last, own = owners.get(key, (last, key))
        keys[last][own] = key
    return [_share(expectation, own) for own in keys]


def _in_book(key: Key, before: Mapping[str, int]) -> Key:
    """A part's own key as the book's, given how many generated parts of each kind come before."""
    if key.kind != "generated":
        return key
    kind, _, count = key.id.partition(" ")
    return Key("generated", f"{kind} {int(count) + before.get(kind, 0)}")


def _share(expectation: Expectation, keys: dict[Key, Key]) -> Share:
    streams = {}
    for own, key in keys.items():
        stream = expectation.streams[key]
        streams[own] = stream if own == key else replace(stream, key=own)
    lines = [stream.at.line for stream in streams.values() if stream.at and stream.at.path == expectation.file]
    return Share(expectation, keys, streams, min(lines, default=0))


def proof_key(part: Part, share: Share) -> str:
    """A key of a part's proof: as long as the finished file bears out its evidence, equal keys mean equal proofs.

    It holds what the part was made from, and what it has to show: texts, and where each was written.
    """
    expectation = share.expectation
    found = sha256()

    def add(*values: object) -> None:
        found.update(json.dumps(values, separators=(",", ":")).encode())

    add(
        FORMAT,
        part.key,
        part.pages,
        expectation.mode,
        sorted(expectation.families),
        expectation.name(expectation.file),
    )
    files: dict[str, None] = {}
    for own, stream in share.streams.items():
        add(own, stream.name, stream.mark, stream.text, _point(share, stream.at), expectation.starts.get(own))
        add(
            [
                (offset, str(mark.page), mark.page.number, mark.anchor, _point(share, mark.at))
                for offset, mark in stream.breaks
            ]
        )
        add([(call.offset, call.note, call.mark, _point(share, call.at)) for call in stream.calls])
        add([_point(share, at) for at in stream.pictures])
        add(list(_written(share, own, stream, files)))
    for path in files:
        source = expectation.origins.sources.get(path)
        add(expectation.name(path), source.text if source else None)
    return found.hexdigest()


def _written(share: Share, own: Key, stream: Stream, files: dict[str, None]) -> Iterator[object]:
    """Where a stream was written. Of documents the whole file counts, and is put into `files`.

    What the builder gathers from many files, and what stands in the edition's own, counts character by character.
    """
    text = None
    for written, after in zip_longest(stream.written, stream.written[1:]):
        yield written.offset, written.begin, _point(share, written.at)
        if written.text is not text:
            yield written.text
            text = written.text
        if written.at is None:
            continue
        if own.kind == "generated" or written.at.path == share.expectation.file:
            length = (after.offset if after else stream.length) - written.offset
            runs = share.expectation.origins.runs_in(written, written.begin, length)
            yield [(step, _point(share, at)) for step, at in runs]
        else:
            files[written.at.path] = None


def _point(share: Share, at: Place | None) -> tuple[str, int, int] | None:
    if at is None:
        return None
    line = at.line - share.base if at.path == share.expectation.file else at.line
    return share.expectation.name(at.path), line, at.column
