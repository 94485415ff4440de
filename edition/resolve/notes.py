"""Numbers notes in the reading order of their first calls, by each policy, and checks calls and marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from edition.findings import Finding, Severity, declare
from edition.model import Numbering
from edition.pages import PagedEdition
from edition.resolve.anchors import Anchors
from edition.resolve.survey import NoteKey, Survey
from edition.resolved import ResolvedNote

NEVER_CALLED = declare(
    "N001",
    Severity.WARNING,
    """A note is never called.

    The note stands in the manuscript, but nothing calls it. It is printed at the end of its document or
    enclosure, with the mark that it has in the manuscript, so that nothing is lost. Put `[^label]` where it
    belongs.
    """,
)
NO_NOTE = declare(
    "N002",
    Severity.ERROR,
    """A call has no note.

    `[^label]` needs a definition `[^label]: …` in the same document, or in the same enclosure: the notes of
    an enclosure are its own.
    """,
)
SAME_LABEL = declare(
    "N003",
    Severity.ERROR,
    """Two notes have one label.

    A call could mean either. Give the second a label of its own; if both have the same mark in the source,
    say so in the definition: `[^3b]{mark="3"}: …`.
    """,
)
OUT_OF_ORDER = declare(
    "N004",
    Severity.WARNING,
    """A note's number is lower than the one before.

    Notes keep the numbers of the source (`numbering: source`), and in this document they run backwards
    without starting again at 1. Either a call stands in the wrong place, or a number is misread.
    """,
)
GAP = declare(
    "N005",
    Severity.INFO,
    """Numbers of notes are skipped.

    Notes keep the numbers of the source (`numbering: source`), and in this document some are missing between
    two calls. Either the source skips them, or a note was lost on the way.
    """,
)

Group: TypeAlias = Callable[[Survey, str], object]
"""Of a document and a note's id: what the notes share that are counted together."""


def number_notes(
    surveys: Iterable[Survey], numbering: Numbering, anchors: Anchors, paged: PagedEdition | None
) -> dict[NoteKey, ResolvedNote]:
    """All notes, in reading order, with ids and marks.

    Notes that nobody calls are not counted: they keep the mark of the manuscript, whatever the policy.
    """
    group = _grouping(numbering, paged)
    counts: Counter[object] = Counter()
    numbered: dict[NoteKey, ResolvedNote] = {}
    for survey in surveys:
        for key, note in survey.notes.items():
            calls = survey.calls[key]
            note_id = anchors.claim_note(key, note.at)
            mark = note.mark or note.label
            if group and calls:
                together = group(survey, note_id)
                counts[together] += 1
                mark = str(counts[together])
            numbered.setdefault(key, ResolvedNote(note_id, mark, note, calls))
    return numbered


def _grouping(numbering: Numbering, paged: PagedEdition | None) -> Group | None:
    """How a policy counts, or None where the source's marks stay."""
    match numbering:
        case "source":
            return None
        case "volume":
            return lambda survey, note_id: "volume"
        case "chapter":
            return lambda survey, note_id: survey.chapter
        case "page" if paged:
            called_on = _pages_of_first_calls(paged)
            return lambda survey, note_id: called_on.get(note_id, survey.document.id)
        case _:
            return lambda survey, note_id: survey.document.id


def _pages_of_first_calls(paged: PagedEdition) -> dict[str, int]:
    called_on: dict[str, int] = {}
    for page in paged.pages:
        for note_id in page.calls:
            called_on.setdefault(note_id, page.index)
    return called_on


def check(survey: Survey, numbering: Numbering) -> Iterator[Finding]:
    """What is wrong with the notes of a document."""
    yield from _check_definitions(survey)
    for key, call in survey.first_calls.items():
        if key not in survey.notes:
            yield NO_NOTE.at(call.at, f"note {call.label} is called but not defined", hint=_elsewhere(survey, key))
    if numbering == "source":
        yield from _check_order(survey)


def _check_definitions(survey: Survey) -> Iterator[Finding]:
    for scope, notes in survey.definitions:
        labels: set[str] = set()
        for note in notes:
            if note.label in labels:
                yield SAME_LABEL.at(note.at, f"note {note.label} is defined twice")
            elif not survey.calls[scope, note.label]:
                hint = f"put [^{note.label}] where it belongs"
                yield NEVER_CALLED.at(note.at, f"note {note.label} is never called", hint=hint)
            labels.add(note.label)


def _elsewhere(survey: Survey, key: NoteKey) -> str:
    """What to try where a called note is missing in its scope."""
    scope, label = key
    if any(label == defined and scope != other for other, defined in survey.notes):
        return f"the document has a note {label}, but an enclosure's notes are its own"
    return f"write its text as [^{label}]: …"


def _check_order(survey: Survey) -> Iterator[Finding]:
    """Backward steps and gaps between the numbers of a document's calls; a restart at 1 is neither."""
    before: dict[str, int] = {}
    for key, call in survey.first_calls.items():
        scope = key[0]
        note = survey.notes.get(key)
        digits = re.fullmatch(r"(\d{1,6})([a-z]?)", note.mark or note.label) if note else None
        if not digits:
            continue
        number, last = int(digits[1]), before.get(scope)
        before[scope] = number
        if last is None or number == last + 1 or (number == last and digits[2]) or number == 1:
            continue
        if number <= last:
            yield OUT_OF_ORDER.at(call.at, f"note {digits[0]} comes after note {last}")
        else:
            yield GAP.at(call.at, f"note {digits[0]} comes right after note {last}", hint=_missing(last, number))


def _missing(last: int, number: int) -> str:
    first, final = last + 1, number - 1
    return f"there is no note {first}" if first == final else f"there are no notes {first} to {final}"
