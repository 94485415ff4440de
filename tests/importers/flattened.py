"""Documents back as the characters of the raw text, so that nothing can be lost or added unseen."""

from __future__ import annotations

import re

from edition.model import Document, NoteCall, PageBreak, Text
from edition.walk import Node, children, walk


def without_space(text: str) -> str:
    """The text without white space of any kind that the importer may change."""
    return re.sub(r"[ \t\r\n\f\v\x1c-\x1f\x85\u2028\u2029]+", "", text)


def characters(document: Document, *, own_marks: bool = False) -> str:
    """What the document says, calls as their marks, then the note list; no white space.

    The list is numbered anew, or with `own_marks` by the marks of the notes, as it may be in the raw text.
    """
    marks = {note.label: note.mark or note.label for note in document.notes}
    body = "".join(_written(node, marks) for _, node in walk(document, notes=False))
    listed = "".join(
        _numbered(marks[note.label] if own_marks else str(turn)) + _note(note)
        for turn, note in enumerate(document.notes, start=1)
    )
    return without_space(body + listed)


def calls(document: Document) -> list[tuple[int, str]]:
    """Each call: how many characters before it are neither white space nor calls, and its mark."""
    marks = {note.label: note.mark or note.label for note in document.notes}
    found: list[tuple[int, str]] = []
    before = 0
    for _, node in walk(document, notes=False):
        if isinstance(node, NoteCall):
            found.append((before, marks[node.label]))
        else:
            before += len(without_space(_written(node, marks)))
    return found


def _numbered(mark: str) -> str:
    return f"{mark}." if mark.isdecimal() else mark


def _written(node: Node, marks: dict[str, str]) -> str:
    if isinstance(node, Text):
        return node.text
    if isinstance(node, PageBreak):
        return f"[Page {node.page}]"
    return marks[node.label] if isinstance(node, NoteCall) else ""


def _note(node: Node) -> str:
    return _written(node, {}) + "".join(map(_note, children(node)))
