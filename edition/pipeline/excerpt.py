"""Some documents of an edition by themselves, their notes and references as in the whole volume."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from edition.findings import EditionError, Finding, Severity, declare
from edition.model import Division, Document, Edition, Entry
from edition.render import render
from edition.resolved import ResolvedEdition

NO_SUCH_DOCUMENT = declare(
    "S030",
    Severity.ERROR,
    """A document that is asked for is not in the edition.

    `edition build --only` takes the ids of documents, `d12` say, and of divisions.
    """,
)

_ID = re.compile(r'\sid="([^"]*)"')
_ENCLOSURE = re.compile(r"-e\d+$")
"""What the scope of an enclosure's notes adds to the document's id."""


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
    kept: dict[int, Division | Document] = {}
    contents = tuple(_kept(edition.contents, set(wanted), anchors, kept))
    lines = [replace(line, entry=kept[id(line.entry)]) for line in resolved.contents if id(line.entry) in kept]
    scopes = {line.anchor for line in lines} | {entry.id for entry in kept.values() if isinstance(entry, Document)}
    found = replace(
        resolved,
        edition=replace(edition, contents=contents),
        notes={
            (scope, label): note
            for (scope, label), note in resolved.notes.items()
            if scope in scopes or _ENCLOSURE.sub("", scope) in scopes
        },
        contents=tuple(lines),
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


def _kept(
    entries: Iterable[Entry],
    wanted: set[str],
    anchors: Mapping[int, str],
    kept: dict[int, Division | Document],
    whole: bool = False,
) -> Iterator[Entry]:
    """The entries that stay, in a `whole` division all; each is noted under the identity of what it was."""
    for entry in entries:
        own = whole or anchors.get(id(entry)) in wanted or (isinstance(entry, Document) and entry.id in wanted)
        found = entry
        if isinstance(entry, Division):
            inside = tuple(_kept(entry.contents, wanted, anchors, kept, own))
            if not (own or inside):
                continue
            found = replace(entry, contents=inside)
        elif not own:
            continue
        if isinstance(found, Division | Document):
            kept[id(entry)] = found
        yield found
