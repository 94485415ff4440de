"""What the engine's layout context must know of notes: which are still to come, and the foot of the page.

It turns the engine's questions (does this note fit? where does the text end?) into those of `foot`. This module
does not know how pages follow one another (see `flow`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from edition.typeset.notes.area import LineCache
from edition.typeset.notes.foot import Attempt, Carry, Foot
from edition.typeset.notes.note import Box, Note

USUAL_LINE_HEIGHT = 16.0
"""Assumed until a line of text is set."""


class Waitlist(dict[Box, None]):
    """The engine's list of notes whose calls are still to come, asked at every box of every line."""

    def append(self, note: Box) -> None:
        self[note] = None

    def remove(self, note: Box) -> None:
        del self[note]

    def copy(self) -> Waitlist:
        return Waitlist(self)


class RunningElements(defaultdict[str, Any]):
    """Running elements by name and page.

    The engine compares them before and after a page, by its `items()`, to lay the page out again when it finds
    fewer. That serves only its `position: note()`, and it loses and doubles footnotes: here it sees none.
    """

    def items(self) -> Any:
        return ()


def keep_with_call(footnote: Box) -> None:
    """Whatever the style says: `footnote-policy: auto` parts notes from their calls, `block` crashes."""
    footnote.style["footnote_policy"] = "line"


class NotesMixin:
    """For the layout context: notes that break over pages.

    All state of a document's notes is here. The engine's own lists of the notes on a page stay empty, so that
    the branches in which it sends notes away and forgets some are never taken.
    """

    current_page: Any

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        self.foot: Foot | None = None
        self.carry = Carry()
        self.attempt = Attempt()
        self.line_height = USUAL_LINE_HEIGHT
        self.note_lines = LineCache()
        self._page_bottom = 0.0
        self._area_being_set: Box | None = None
        self._waitlist = Waitlist()
        self._known_notes: dict[Box, Note] = {}
        super().__init__(*arguments, **keywords)
        self.running_elements = RunningElements(lambda: defaultdict(list))

    # What the engine reads and writes

    @property
    def setting_notes_now(self) -> bool:
        """Whether what is laid out now are notes and not the text."""
        return self._area_being_set is not None

    @property
    def footnotes(self) -> Waitlist:
        """The notes whose calls are still to come; none while notes themselves are set."""
        return Waitlist() if self.setting_notes_now else self._waitlist

    @footnotes.setter
    def footnotes(self, notes: Any) -> None:
        self._waitlist = Waitlist(dict.fromkeys(notes))

    @property
    def page_bottom(self) -> float:
        """Where the text, or the notes while they are set, has to end."""
        if self.foot is None or self.setting_notes_now or self.foot.column_top is not None:
            return self._page_bottom
        return self.foot.top

    @page_bottom.setter
    def page_bottom(self, bottom: float) -> None:
        self._page_bottom = bottom

    @property
    def current_footnote_area(self) -> Any:
        """The engine's own area of the page, always empty. A new one begins a page.

        While notes are set, theirs: columns within a note ask it how high it is.
        """
        if self._area_being_set is not None:
            return self._area_being_set
        return self.foot.engine_area if self.foot else None

    @current_footnote_area.setter
    def current_footnote_area(self, area: Any) -> None:
        self.foot = None
        if area is not None:
            self.foot = Foot(self, area, self.carry, self.attempt, self.line_height)

    def layout_footnote(self, footnote: Box) -> bool:
        """The engine met a call in a line. True if its note cannot begin on this page."""
        assert self.foot is not None
        note = self.note(footnote)
        self._waitlist.remove(footnote)
        if self.foot.finished:
            self.foot.late.extend(note.group)
            return False
        return not self.foot.admit(note)

    def report_footnote(self, footnote: Box) -> None:
        """The engine wants a note on the next page; whether its call stays is still open."""
        assert self.foot is not None
        self.foot.postpone(self.note(footnote))

    def unlayout_footnote(self, footnote: Box) -> None:
        """The engine takes a line with a call back, or a box that it may not even have laid out."""
        if self.foot is None or self.setting_notes_now or self.foot.finished:
            return
        if footnote not in self._waitlist and self.foot.dismiss(self.note(footnote)):
            self._waitlist.append(footnote)

    def forget_lines(self) -> None:
        """What follows is laid out as if nothing came before it."""
        self.line_height = USUAL_LINE_HEIGHT

    # What the notes need

    def note(self, footnote: Box) -> Note:
        """The note that a footnote box of the engine's is."""
        note = self._known_notes.get(footnote)
        if note is None:
            keep_with_call(footnote)
            nested = [child.footnote for child in footnote.descendants() if child.footnote is not None]
            note = self._known_notes[footnote] = Note(footnote, [self.note(box) for box in nested])
        return note

    def refresh_notes(self) -> None:
        """Before the pages are laid out anew: contents of notes may have changed."""
        self.note_lines = LineCache()
        for note in self._known_notes.values():
            note.refresh()

    @contextmanager
    def setting_notes(self, area: Box, bottom: float) -> Iterator[None]:
        """Lay notes out, to end at `bottom`, without a trace in the layout of the text."""
        context: Any = self
        kept = context._page_bottom, context.in_column, context.broken_out_of_flow, context.forced_break
        context._page_bottom, context.in_column, context.broken_out_of_flow = bottom, False, {}
        self._area_being_set = area
        context.create_block_formatting_context(area)
        try:
            yield
        finally:
            context.finish_block_formatting_context()
            self._area_being_set = None
            context._page_bottom, context.in_column, context.broken_out_of_flow, context.forced_break = kept

    @property
    def setting_text(self) -> Foot | None:
        """The foot of the page whose text is being laid out."""
        return None if self.setting_notes_now or self.foot is None or self.foot.finished else self.foot
