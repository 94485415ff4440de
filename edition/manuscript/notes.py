"""Notes of a scope: definitions kept, calls checked against them, marks brought together."""

from __future__ import annotations

from dataclasses import replace

from edition.findings import Severity, declare
from edition.manuscript.attributes import nearest
from edition.manuscript.reading import Scope, Within
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


def check_calls(scope: Scope, within: Within) -> None:
    """Report calls of notes that the scope has not, and give notes the marks that their calls have."""
    findings, notes = within.reading.findings, scope.notes
    for called in scope.calls:
        label, at = called.call.label, called.call.at
        note = notes.get(label)
        if note is None:
            message = f"note `{label}` is called but not defined"
            findings.append(UNDEFINED_NOTE.at(at, message, hint=_where_else(label, scope)))
        elif called.mark and not note.mark:
            notes[label] = replace(note, mark=called.mark)
        elif called.mark and called.mark != note.mark:
            message = f"note `{label}` has the mark `{called.mark}` here and `{note.mark}` elsewhere"
            findings.append(TWO_MARKS.at(at, message))


def _where_else(label: str, scope: Scope) -> str | None:
    outer = scope.outer
    while outer is not None:
        if label in outer.notes:
            return f"its definition stands outside the enclosure, at {outer.notes[label].at}; move it inside"
        outer = outer.outer
    return nearest(label, scope.notes) or f"define it: `[^{label}]: text`"
