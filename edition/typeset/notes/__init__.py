"""Notes that break over pages: a note begins on its call's page and runs on at the foot of the next ones.

`note` makes the boxes of a note, `area` sets notes in a given room, `foot` settles the foot of one page, `flow`
makes the pages, `context` and `hooks` join all that to the engine, `tally` counts what became of every note.
"""

from edition.typeset.notes.context import NotesMixin
from edition.typeset.notes.hooks import HOOKS
from edition.typeset.notes.tally import note_findings, notes_in_text, tally

__all__ = ["HOOKS", "NotesMixin", "note_findings", "notes_in_text", "tally"]
