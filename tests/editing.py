"""Editions that chance edits, for tests of whatever is kept between builds: what an editor does all day, one step after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import get_args

from hypothesis import strategies as st

from edition.model import (
    Division,
    Document,
    Edition,
    Entry,
    Inline,
    Note,
    NoteCall,
    NotePolicy,
    Numbering,
    OriginalPages,
    Paragraph,
    StyleChoice,
    Text,
)

WORDS = "the harbour master wrote again of ropes and lamps and of the tide that would not wait for letters".split()
SETTINGS = (
    ("reading", "lines", "32"),
    ("reading", "lines", "36"),
    ("reading", "text-size", "11pt"),
    ("frus", "", ""),
)


def text(seed: int, length: int) -> str:
    random = Random(seed)
    return " ".join(random.choice(WORDS) for _ in range(length)).capitalize() + "."


def document(number: int, length: int = 40) -> Document:
    return Document(f"d{number}", (Text(f"Letter {number}"),), (Paragraph((Text(text(number, length)),)),))


def chapter(number: int, *documents: Document) -> Division:
    return Division("chapter", (Text(f"Chapter {number}"),), documents, id=f"ch{number}")


def with_document(edition: Edition, changed: Document) -> Edition:
    """An edition with another document instead of that of the same id."""

    def look(entry: Entry) -> Entry:
        match entry:
            case Division():
                return replace(entry, contents=tuple(map(look, entry.contents)))
            case Document(id=its) if its == changed.id:
                return changed
        return entry

    return replace(edition, contents=tuple(map(look, edition.contents)))


def with_text(edition: Edition, id: str, words: str) -> Edition:
    """An edition with another text in one document, which loses its notes."""
    (found,) = (document for document in edition.documents if document.id == id)
    return with_document(edition, replace(found, blocks=(Paragraph((Text(words),)),), notes=()))


def with_note(edition: Edition, chosen: Document, length: int) -> Edition:
    """An edition with a note of so many words more, called at the end of a document."""
    label = str(1 + max((int(note.label) for note in chosen.notes), default=0))
    words: tuple[Inline, ...] = (Text(f"One more is called here by {label}."), NoteCall(label))
    note = Note(label, (Paragraph((Text(text(length, length)),)),))
    return with_document(
        edition,
        replace(chosen, blocks=(*chosen.blocks, Paragraph(words)), notes=(*chosen.notes, note)),
    )


Step = tuple[str, int, int]
"""What is done, to which, and a number: of words, say."""

KINDS = (
    "word", "length", "note", "notes away", "add", "remove", "move", "title", "order", "style", "mode", "numbering",
)  # fmt: skip


@st.composite
def steps(draw: st.DrawFn) -> Sequence[Step]:
    step = st.tuples(st.sampled_from(KINDS), st.integers(0, 5), st.integers(1, 400))
    return draw(st.lists(step, min_size=1, max_size=4))


def edited(edition: Edition, step: Step) -> Edition:
    """An edition after one step of its editor."""
    kind, which, number = step
    chapters = [entry for entry in edition.contents if isinstance(entry, Division) and entry.kind == "chapter"]
    at = which % len(chapters)
    here, there = chapters[at], chapters[(at + 1) % len(chapters)]
    documents = [document for one in chapters for document in one.contents if isinstance(document, Document)]
    chosen = documents[which % len(documents)]
    match kind:
        case "word":
            return with_text(edition, chosen.id, f"Word {number}. " + text(which, 60))
        case "length":
            return with_text(edition, chosen.id, text(which, number))
        case "note":
            return with_note(edition, chosen, number)
        case "notes away":
            return with_text(edition, chosen.id, text(which, 40))
        case "add":
            new = document(1000 + number + len(documents) * 500, number)
            return _with(edition, replace(here, contents=(*here.contents, new)))
        case "remove" if len(here.contents) > 1:
            return _with(edition, replace(here, contents=here.contents[1:]))
        case "move" if len(here.contents) > 1:
            moved = here.contents[0]
            edition = _with(edition, replace(here, contents=here.contents[1:]))
            return _with(edition, replace(there, contents=(*there.contents, moved)))
        case "title":
            return _with(edition, replace(here, title=(Text(text(number, 1 + number % 12)),)))
        case "order":
            return _with(edition, replace(here, contents=here.contents[::-1]))
        case "style":
            name, setting, value = SETTINGS[which % len(SETTINGS)]
            return replace(edition, style=StyleChoice(name, ((setting, value),) if setting else ()))
        case "mode":
            return replace(edition, original_pages=get_args(OriginalPages)[which % 4])
        case "numbering":
            numbering = get_args(Numbering)[which % len(get_args(Numbering))]
            return replace(edition, notes=NotePolicy(numbering, "end" if number % 5 == 0 else "foot"))
    return edition


def _with(edition: Edition, changed: Division) -> Edition:
    contents = (changed if isinstance(it, Division) and it.id == changed.id else it for it in edition.contents)
    return replace(edition, contents=tuple(contents))
