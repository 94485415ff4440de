"""Notes of a scope: definitions kept, calls checked against them, marks brought together."""

from __future__ import annotations

from dataclasses import replace

from edition.findings import Severity, declare
from edition.manuscript.reading import Reading, Scope, Within
from edition.model import Note

DUPLICATE_NOTE = declare(
    "N101",
    Severity.ERROR,
    """Two notes of one document or enclosure have the same label.

    Give one of them another label; `{mark="*"}` prints the same mark all the same.""",
)
UNDEFINED_NOTE = declare(
    "N102",
    Severity.ERROR,
    r"""A note is called that is not defined.

    `[^12]` calls the note that `[^12]: text` defines in the same document or in the same enclosure. Write
    `\[^12]` for text.""",
)
TWO_MARKS = declare(
    "N103",
    Severity.ERROR,
    """A note has two marks.

    The mark may stand at the definition or at a call, but it is one mark.""",
)


def define_note(note: Note, offset: int, within: Within) -> None:
    """Keep a note in its scope, or report that its label is taken."""
    notes = within.scope.notes
    if first := notes.get(note.label):
        hint = f"the first stands at {first.at}"
        within.reading.report(DUPLICATE_NOTE, offset, f"note `{note.label}` is defined twice", hint=hint)
    else:
        notes[note.label] = note


def settle_marks(scope: Scope, within: Within) -> None:
    """Give the notes of a scope the marks that their calls have, and report those that contradict."""
    notes = scope.notes
    for called in scope.calls:
        label, note = called.call.label, notes.get(called.call.label)
        if note is None:
            within.reading.undefined.append((called.call, scope))
        elif called.mark and not note.mark:
            notes[label] = replace(note, mark=called.mark)
        elif called.mark and called.mark != note.mark:
            message = f"note `{label}` has the mark `{called.mark}` here and `{note.mark}` elsewhere"
            within.reading.findings.append(TWO_MARKS.at(called.call.at, message))


def report_undefined(reading: Reading) -> None:
    """Report calls of notes that their scope has not, once all scopes of the file are read."""
    for call, scope in reading.undefined:
        message = f"note `{call.label}` is called but not defined"
        hint = _where_else(call.label, scope) or f"define it: `[^{call.label}]: text`"
        reading.findings.append(UNDEFINED_NOTE.at(call.at, message, hint=hint))


def _where_else(label: str, scope: Scope) -> str | None:
    outer = scope.outer
    while outer is not None:
        if label in outer.notes:
            return f"its definition stands outside the enclosure, at {outer.notes[label].at}; move it inside"
        outer = outer.outer
    return None
