"""The proof of losslessness as an account: what the manuscript has and what was found on the pages, text by text.

Counts are those of the proof itself, which compared word by word; nothing is counted a second time in another way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from edition.findings import Finding, Severity
from edition.proof.collation import Matched
from edition.proof.streams import Key
from edition.resolved import ResolvedEdition
from edition.source import Place
from edition.walk import words

_WITHIN = re.compile(r"(-e\d+)?-n[^-]*$")


@dataclass(slots=True)
class Tally:
    """What the manuscript has of something, and how much of it was found on the pages."""

    expected: int = 0
    found: int = 0

    def add(self, expected: int, found: int) -> None:
        self.expected += expected
        self.found += found

    @property
    def is_whole(self) -> bool:
        return self.expected == self.found


@dataclass(slots=True)
class Entry:
    """A document, division or generated part: its text with the notes that belong to it."""

    kind: str
    id: str
    title: str
    place: Place | None
    first: str = ""
    """The folios of the pages on which it begins and ends; empty where nothing of it was found."""
    last: str = ""
    words: Tally = field(default_factory=Tally)
    note_words: Tally = field(default_factory=Tally)
    notes: Tally = field(default_factory=Tally)
    page_breaks: Tally = field(default_factory=Tally)

    @property
    def is_whole(self) -> bool:
        return all(tally.is_whole for tally in (self.words, self.note_words, self.notes, self.page_breaks))


class Tallied(NamedTuple):
    """What was found of one stream; its pages count from the first one of its part."""

    key: Key
    words: int
    found: int
    is_note: bool
    breaks: int
    breaks_found: int
    first: int
    """-1 where nothing of it was found."""
    last: int


def tally(key: Key, matched: Matched, breaks_found: int) -> Tallied:
    """What became of a stream."""
    expected, found = _words(matched)
    pages = [item.piece.page for item in matched.drawn.text_items] or [-1]
    breaks = len(matched.stream.breaks)
    return Tallied(key, expected, found, key.kind == "note", breaks, breaks_found, min(pages), max(pages))


def tallied_from(values: Sequence[Any]) -> Tallied:
    """What was kept as JSON."""
    key, *numbers = values
    return Tallied(Key(*key), *numbers)


def account(resolved: ResolvedEdition, tallies: Iterable[tuple[Tallied, str, str]]) -> tuple[Entry, ...]:
    """The account of a proof, from what became of each stream, with the folios where it begins and ends."""
    titles = {document.id: _title(document.title) for document in resolved.edition.documents}
    titles |= {line.anchor: _title(line.entry.title) for line in resolved.contents}
    places = {document.id: document.at for document in resolved.edition.documents}
    entries: dict[str, Entry] = {}
    notes: list[Tallied] = []
    for told, first, last in tallies:
        if told.is_note:
            notes.append(told)
            continue
        key = told.key
        name = titles.get(key.id, "") or key.id.partition(" ")[0].replace("-", " ")
        entries[key.id] = entry = Entry(key.kind, key.id, name, places.get(key.id), first, last)
        entry.words.add(told.words, told.found)
        entry.page_breaks.add(told.breaks, told.breaks_found)
    for told in notes:
        owner = _WITHIN.sub("", told.key.id)
        entry = entries.setdefault(owner, Entry("document", owner, owner, None))
        entry.note_words.add(told.words, told.found)
        entry.notes.add(1, int(told.found == told.words))
        entry.page_breaks.add(told.breaks, told.breaks_found)
    return tuple(entries.values())


def _title(title: object) -> str:
    return " ".join(words(title).split())  # type: ignore[arg-type]


def _words(matched: Matched) -> tuple[int, int]:
    """The words of a stream, and how many of them stand on the pages, in order."""
    expected = len(matched.stream.text.split())
    if matched.found.failed is None:
        return expected, expected
    lost = sum(len(part.expected) for part in matched.resumed.differences) if matched.resumed else expected
    return expected, max(0, expected - max(1, lost))


@dataclass(frozen=True, slots=True)
class Account:
    """An edition's account, as it is told."""

    title: str
    file: str
    pages: int
    sha256: str
    """Of the finished file."""
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    """Those of the proof."""

    @property
    def total(self) -> Entry:
        """All entries as one."""
        total = Entry("edition", "", self.title, None)
        for name in ("words", "note_words", "notes", "page_breaks"):
            for entry in self.entries:
                tally = getattr(entry, name)
                getattr(total, name).add(tally.expected, tally.found)
        return total

    @property
    def is_proven(self) -> bool:
        """Whether everything is there and nothing speaks against it."""
        return self.total.is_whole and not any(finding.severity is Severity.ERROR for finding in self.findings)


def account_of(
    title: str, file: str, pdf: bytes, pages: int, entries: tuple[Entry, ...], findings: Sequence[Finding]
) -> Account:
    """The account of a finished file; of all findings those that the proof made."""
    own = tuple(finding for finding in findings if finding.code[0] == "C")
    return Account(title, file, pages, sha256(pdf).hexdigest(), entries, own)


def account_json(account: Account) -> str:
    """An account for a machine."""
    values = {
        "title": account.title,
        "file": account.file,
        "sha256": account.sha256,
        "pages": account.pages,
        "proven": account.is_proven,
        "total": _values(account.total),
        "entries": [_values(entry) for entry in account.entries],
        "findings": [asdict(finding) for finding in account.findings],
    }
    return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def _values(entry: Entry) -> dict[str, object]:
    values = asdict(entry)
    return {
        "note-words" if name == "note_words" else name.replace("_", "-"): value for name, value in values.items()
    }


def account_html(account: Account) -> str:
    """An account as a page to read, print and keep."""
    from edition.proof.html import page_of

    return page_of("account.html", account=account)
