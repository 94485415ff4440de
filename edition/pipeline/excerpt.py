"""Some documents of an edition by themselves, their notes and references as in the whole volume."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from edition.findings import EditionError, Finding, Severity, declare
from edition.model import Division, Document, Edition, Entry
from edition.render import render
from edition.resolved import ContentsLine, ResolvedEdition

NO_SUCH_DOCUMENT = declare(
    "S030",
    Severity.ERROR,
    """A document that is asked for is not in the edition.

    `edition build --only` takes the ids of documents, `d12` say, and of divisions.
    """,
)

_ID = re.compile(r'\sid="([^"]*)"')


def excerpt(resolved: ResolvedEdition, ids: Iterable[str]) -> ResolvedEdition:
    """The documents and divisions of these ids, in the divisions that they stand in; what is generated goes.

    References to what is left out print as plain text. Raises EditionError for an id that nothing has.
    """
    wanted = list(dict.fromkeys(ids))
    edition = resolved.edition
    known = [document.id for document in edition.documents] + [line.anchor for line in resolved.contents]
    unknown = [id_ for id_ in wanted if id_ not in known]
    if unknown:
        raise EditionError(_no_such(edition, id_, known) for id_ in unknown)
    anchors = {id(line.entry): line.anchor for line in resolved.contents}
    contents = tuple(_kept(edition.contents, set(wanted), anchors))
    kept = {id(entry) for entry in _all(contents)}
    lines = tuple(line for line in _lines(resolved, contents) if id(line.entry) in kept)
    ids_kept = {line.anchor for line in lines}
    found = replace(
        resolved,
        edition=replace(edition, contents=contents),
        notes={key: note for key, note in resolved.notes.items() if key[0].partition("-e")[0] in ids_kept},
        contents=lines,
        mentions=frozenset(),
        index=(),
        named_pages={},
        concordance=(),
    )
    there = set(_ID.findall(render(found)))
    targets = {target: anchor for target, anchor in resolved.targets.items() if anchor in there or ":" in anchor}
    return replace(found, targets=targets)


def _no_such(edition: Edition, id_: str, known: list[str]) -> Finding:
    near = get_close_matches(id_, known, 1)
    hint = f"try `{near[0]}`" if near else None
    return NO_SUCH_DOCUMENT.at(edition.at, f"no document or division is `{id_}`", hint=hint)


def _kept(entries: Iterable[Entry], wanted: set[str], anchors: dict[int, str]) -> Iterable[Entry]:
    for entry in entries:
        if anchors.get(id(entry)) in wanted or (isinstance(entry, Document) and entry.id in wanted):
            yield entry
        elif isinstance(entry, Division) and (inside := tuple(_kept(entry.contents, wanted, anchors))):
            yield replace(entry, contents=inside)


def _all(entries: Iterable[Entry]) -> Iterable[Entry]:
    for entry in entries:
        yield entry
        if isinstance(entry, Division):
            yield from _all(entry.contents)


def _lines(resolved: ResolvedEdition, contents: tuple[Entry, ...]) -> Iterable[ContentsLine]:
    """The lines of the contents, those of divisions that lost some of theirs with what is left of these."""
    by_key = {
        (entry.id, entry.kind, entry.at) if isinstance(entry, Division) else entry.id: entry
        for entry in _all(contents)
        if isinstance(entry, Division | Document)
    }
    for line in resolved.contents:
        entry = line.entry
        key = (entry.id, entry.kind, entry.at) if isinstance(entry, Division) else entry.id
        if key in by_key:
            yield replace(line, entry=by_key[key])
