"""The index from the entries in the text, and the pages on which the lists' persons and terms are named.

Entries are `[words]{.index entry="Licences > export"}`. Knows headings and their order; where they point is told
by `locators`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeAlias

from edition.findings import Finding, Severity, declare
from edition.model import Edition, GeneratedKind, Span
from edition.resolve.locators import Mention, Pages, locators
from edition.resolve.survey import NoteKey, Survey
from edition.resolved import IndexHeading, Locator, ResolvedNote
from edition.source import Place
from edition.walk import mention_anchor, words

NO_HEADING = declare(
    "X001",
    Severity.WARNING,
    """An index entry has no heading.

    The heading is `entry="…"`, or without it the words of the span; here both are empty, so nothing stands in the
    index.
    """,
)
OPEN_PASSAGE = declare(
    "X002",
    Severity.WARNING,
    """A passage of the index begins and does not end, or ends and has not begun.

    `[]{.index entry="Trade" passage=begin}` needs `[]{.index entry="Trade" passage=end}` further on, with the same
    entry. What has no end counts as a mention where it begins.
    """,
)
NO_SUCH_HEADING = declare(
    "X003",
    Severity.WARNING,
    """An entry of the index sends to a heading that is not there.

    `see="Licences > export"` must be the heading of another entry, as that writes it.
    """,
)

TWO_FORMS = declare(
    "X004",
    Severity.INFO,
    """Two headings of the index differ in capitals only.

    They stand beside each other, each with its own pages. If one is meant, give both spans the same `entry`.
    """,
)

Path: TypeAlias = tuple[str, ...]
"""A heading and those above it, outermost first."""


@dataclass
class _Entry:
    """What is known of a heading: where it is first written, its mentions, and the headings that it sends to."""

    at: Place | None = None
    mentions: list[Mention] = field(default_factory=list)
    see: list[tuple[Path, Span]] = field(default_factory=list)


@dataclass
class _Gathered:
    entries: dict[Path, _Entry] = field(default_factory=lambda: defaultdict(_Entry))
    findings: list[Finding] = field(default_factory=list)


def make_index(
    surveys: Sequence[Survey], notes: dict[NoteKey, ResolvedNote], pages: Pages | None
) -> tuple[tuple[IndexHeading, ...], list[Finding]]:
    """The headings of the index in order, and what is wrong with entries."""
    gathered = _Gathered()
    begun: dict[Path, tuple[int, Span]] = {}
    for survey in surveys:
        around = survey.notes_around() if any(span.kind == "index" for span in survey.named) else {}
        for span in survey.named:
            if span.kind == "index":
                key = around.get(id(span))
                mark = notes[key].mark if key in notes and key else ""
                _gather(span, survey.document.id, mark, begun, gathered)
    for _, span in begun.values():
        gathered.findings.append(OPEN_PASSAGE.at(span.at, f"the passage `{_said(span)}` begins and does not end"))
    _check_sent(gathered)
    _check_forms(gathered)
    return _headings(gathered.entries, pages), gathered.findings


def _gather(
    span: Span, document_id: str, mark: str, begun: dict[Path, tuple[int, Span]], gathered: _Gathered
) -> None:
    """Take one entry in: a mention, the beginning or the end of a passage, or where it sends to."""
    path = heading_of(span)
    if not path:
        gathered.findings.append(NO_HEADING.at(span.at, "an index entry without a heading"))
        return
    entry, anchor, passage = gathered.entries[path], mention_anchor(document_id, span), span.get("passage")
    entry.at = entry.at or span.at
    if see := path_of(span.get("see")):
        entry.see.append((see, span))
    elif passage == "end":
        if path not in begun:
            message = f"the passage `{_said(span)}` ends and has not begun"
            gathered.findings.append(OPEN_PASSAGE.at(span.at, message))
        else:
            number, _ = begun.pop(path)
            entry.mentions[number] = entry.mentions[number]._replace(end=anchor)
    else:
        if passage == "begin":
            begun[path] = len(entry.mentions), span
        entry.mentions.append(Mention(anchor, f"{anchor}.end" if span.inlines else "", mark))


def heading_of(span: Span) -> Path:
    """The heading of an entry, with those above it."""
    return path_of(span.get("entry") or words(span.inlines))


def path_of(written: str) -> Path:
    """A heading as written, `Licences > export`, as a path."""
    return tuple(part for part in (" ".join(part.split()) for part in written.split(" > ")) if part)


def _said(span: Span) -> str:
    return " > ".join(heading_of(span))[:60]


def _check_sent(gathered: _Gathered) -> None:
    known = {path[:depth] for path in gathered.entries for depth in range(1, len(path) + 1)}
    for entry in list(gathered.entries.values()):
        for see, span in entry.see:
            if see not in known:
                written = {" > ".join(path): path for path in known}
                near = get_close_matches(" > ".join(see)[:100], written, 1)
                hint = f"try `{near[0]}`" if near else None
                message = f"`{' > '.join(see)[:60]}` is no heading of the index"
                gathered.findings.append(NO_SUCH_HEADING.at(span.at, message, hint=hint))


def _check_forms(gathered: _Gathered) -> None:
    forms: dict[str, str] = {}
    for path, entry in gathered.entries.items():
        written = " > ".join(path)
        known = forms.setdefault(written.casefold(), written)
        if known != written:
            hint = f'try `entry="{known}"`' if entry.at else None
            gathered.findings.append(
                TWO_FORMS.at(entry.at, f"`{written[:60]}` and `{known[:60]}` are two headings", hint=hint)
            )


def _headings(entries: dict[Path, _Entry], pages: Pages | None, above: Path = ()) -> tuple[IndexHeading, ...]:
    """The headings right under a path, in order, each with those under it."""
    depth = len(above)
    below = {path[depth] for path in entries if len(path) > depth and path[:depth] == above}
    return tuple(_heading(entries, pages, (*above, own)) for own in sorted(below, key=alphabetical))


def _heading(entries: dict[Path, _Entry], pages: Pages | None, path: Path) -> IndexHeading:
    entry = entries.get(path, _Entry())
    see = sorted({": ".join(target) for target, _ in entry.see}, key=alphabetical)
    under = {other: found for other, found in entries.items() if other[: len(path)] == path and other != path}
    return IndexHeading(path[-1], locators(entry.mentions, pages), tuple(see), _headings(under, pages, path))


def alphabetical(heading: str) -> tuple[str, str, str]:
    """The key that headings are sorted by: letter by letter up to a comma or bracket, then what follows.

    Capitals, accents, quotes and spaces do not count; numbers come by their value (Chicago, 16.59–65).
    """
    first, _, rest = re.sub(r"[,(]", "\0", heading, count=1).partition("\0")
    return _letters(first), _letters(rest), heading


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(char for char in folded if char.isalnum())
    return re.sub(r"\d+", lambda digits: digits[0].lstrip("0").rjust(12, "0"), kept)


# Persons and terms


def named_pages(
    edition: Edition,
    surveys: Sequence[Survey],
    notes: dict[NoteKey, ResolvedNote],
    kinds: frozenset[GeneratedKind],
    pages: Pages | None,
) -> dict[str, tuple[Locator, ...]]:
    """Where the persons and terms of generated lists are named, by their ids."""
    listed = {named.id for named in edition.persons} if "persons" in kinds else set()
    terms = {named.id for named in edition.terms} if "terms" in kinds else set()
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for survey in surveys:
        for own in survey.document.persons:
            if own in listed:
                mentions[own].append(Mention(survey.document.id))
        for own, mention in _mentions(survey, notes, listed, terms):
            mentions[own].append(mention)
    return {own: locators(found, pages) for own, found in mentions.items()}


def _mentions(
    survey: Survey, notes: dict[NoteKey, ResolvedNote], persons: set[str], terms: set[str]
) -> Iterator[tuple[str, Mention]]:
    wanted = {"person": persons, "term": terms}
    spans = [(span, span.get("ref").removeprefix("#")) for span in survey.named if span.kind in wanted]
    spans = [(span, ref) for span, ref in spans if ref in wanted[span.kind]]
    around = survey.notes_around() if spans else {}
    for span, ref in spans:
        key = around.get(id(span))
        yield (
            ref,
            Mention(mention_anchor(survey.document.id, span), "", notes[key].mark if key in notes and key else ""),
        )
