"""Notes that break over pages: a note begins on its call's page and runs on at the foot of the next ones.

`area` sets notes in a given room, `foot` settles the foot of one page, `flow` joins the pages and the engine,
`tally` counts what became of every note.
"""

from edition.typeset.notes.flow import HOOKS, NotesMixin
from edition.typeset.notes.tally import note_findings, tally

__all__ = ["HOOKS", "NotesMixin", "note_findings", "tally"]
