"""The foot of the page being laid out: which notes stand there, which wait, and what room they leave the text.

The rules, which hold at every moment:

- Only the first note can be a continuation, only the last can be cut. Notes stand in the order of their calls,
  those called from within a note after it, and if one waits all later ones wait.
- What was carried into the page stays at the top of its foot. Nothing that happens to the text takes it back.
- A line stays on the page only if its notes begin on it. Else the text breaks before that line, unless the line
  is the first on a page where nothing else could stand.
- The area never rises above the bottom of the line that calls its last note.

What a line's notes did to the foot is one step on a stack, so that text which the engine sets and takes back
leaves no trace. This module does not know how notes are set (see `area`) nor of more than one page (see `flow`).
Lengths are CSS pixels from the top of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from edition.typeset.notes.area import NOTHING, Fit, drawn_bottom, lines, note_area_template, set_notes
from edition.typeset.notes.note import Box, Note, Skip

LINES_BELOW_CALL = 3
"""Lines of text that a cut note leaves free under its call, so that orphans and widows need not move the call."""

LEAST_TEXT_LINES = 4
"""Lines of text that notes leave on a page where the style sets no greatest share."""

SLACK = 0.1
"""What lengths may differ by without meaning anything."""


@dataclass(frozen=True, slots=True)
class Carry:
    """What one page hands to the next: the notes that wait, and where the first of them goes on."""

    notes: tuple[Note, ...] = ()
    skip: Skip | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is settled about a page before it is laid out, because laying it out before showed the need."""

    reserve: float = 0.0
    """Room that is kept for notes from the start."""
    text_may_wait: bool = False
    """Whether the page may do without text, for the sake of the notes carried into it."""
    text_share: float | None = None
    """How much text to set before notes take the rest."""


@dataclass(frozen=True, slots=True)
class Line:
    """The line of text that was set last."""

    bottom: float
    height: float


@dataclass(frozen=True, slots=True)
class Step:
    """The foot after the notes of one call were added."""

    caller: Note | None
    notes: tuple[Note, ...]
    """Those that stand in the area, the last perhaps in part."""
    waiting: tuple[Note, ...]
    fit: Fit


class Foot:
    """The foot of one page."""

    def __init__(self, context: Any, area: Box, carry: Carry, attempt: Attempt, line_height: float) -> None:
        for side in ("margin_top", "margin_bottom"):
            if getattr(area, side) == "auto":
                setattr(area, side, 0)
        self.context = context
        self.engine_area = area
        self.carry = carry
        self.attempt = attempt
        self.template = note_area_template(area)
        self.bottom = float(area.position_y)
        self.page_top = float(area.page.content_box_y())
        self.line = Line(self.page_top, line_height)
        self.column_top: float | None = None
        self.blocked = False
        """Whether a call had to go to a later page because an older note goes on."""
        self.overlaps = False
        """Whether text that could not be broken stands where the notes had to be."""
        self.wanted = 0.0
        """What the notes take of the page, or would have taken."""
        self.text: Box | None = None
        """The page's text once it is laid out."""
        self.late: list[Note] = []
        """Notes called after the page was finished."""
        self.finished = False
        self._dismissed: set[Note] = set()
        self._steps = [self._opening()]

    # What the engine asks

    @property
    def top(self) -> float:
        """Where the text has to end."""
        return self.bottom - max(self.now.fit.height, self.attempt.reserve)

    @property
    def height(self) -> float:
        """What the notes take of the page; 0 where none stand on it."""
        return self.now.fit.height

    @property
    def goes_on(self) -> bool:
        """Whether notes carried into the page do not end on it: no later call can stand here then."""
        opening = self._steps[0]
        return bool(opening.fit.cut or opening.waiting)

    @property
    def now(self) -> Step:
        """The foot as it is, after all that was taken back."""
        if self._dismissed:
            self._take_back()
        return self._steps[-1]

    # Calls

    def admit(self, note: Note, *, nested_may_wait: bool = False) -> bool:
        """Add the notes called by one call in the line set last. False if the first of them cannot begin.

        False, too, if it can, but a note called from its first lines can't, and had better come with it.
        """
        now = self.now
        if now.waiting:
            return False
        notes, wanted = (*now.notes, *note.group), len(now.notes) + 1
        limit, room = self.limit, self._room()
        fit = self._fit(notes, min(room, limit), wanted)
        if fit.begun < wanted and room > limit:
            fit = self._fit(notes, room, wanted)  # rather too tall an area than a note astray
        if fit.begun < wanted:
            self.blocked = self.blocked or fit.ended < wanted - 1
            return False
        if _stray_call(fit, notes) is not None and not nested_may_wait:
            return False
        if fit.cut is not None or fit.ended < len(notes):
            fit = self._with_text_below(notes, wanted, fit)
        self._push(note, notes, fit)
        return True

    def postpone(self, note: Note) -> None:
        """The call may have to stay here: let its notes wait for the next page, or only those nested in it."""
        if self.now.caller is note:
            self._steps.pop()
        elif len(note.group) > 1 and self.admit(note, nested_may_wait=True):
            return
        self._wait(note)

    def dismiss(self, note: Note) -> bool:
        """Take the notes of a call back with the call. False if the call did not bring them to this page."""
        if not any(step.caller is note for step in self._steps[1:]) or note in self._dismissed:
            return False
        self._dismissed.add(note)
        return True

    # Columns

    def open_columns(self, top: float) -> None:
        """From here on all columns give room: the end of the line says nothing of what is free below it."""
        self.column_top = top
        self._tell_height()

    def close_columns(self) -> None:
        """The end of the columns."""
        self.column_top = None

    # The end of the page

    def finish(self, text: Box | None) -> Fit:
        """Settle the foot once the page's text is laid out, and give waiting notes the room that it left."""
        self._match_calls(text)
        now = self.now
        drawn, ink = self.page_top, -inf
        if text is not None:
            drawn = max(drawn, drawn_bottom(text))
            ink = drawn_bottom(text, edges=False)
        height = now.fit.height
        overlaps = height > max(self.bottom - ink, 0) + SLACK
        self.overlaps, self.wanted = overlaps, height
        room = self.bottom - ink if overlaps else max(self.bottom - drawn, height)
        notes = (*now.notes, *now.waiting)
        if overlaps or (room > height + 1 and (now.waiting or now.fit.cut is not None)):
            force = ink == -inf
            fit = self._fit(notes, room, len(now.notes), force)
            if force and not fit.begun:
                fit = self._fit(notes, inf, 0, force)
            if not overlaps and fit.begun < len(now.notes):
                fit = now.fit
            self._push(None, notes, fit)
        self.finished = True
        return self.now.fit

    def carried_on(self) -> Carry:
        """What the next page gets."""
        now = self.now
        cut = now.fit.cut
        begun = now.notes[-1:] if cut is not None else ()
        return Carry((*begun, *now.waiting, *self.late), cut)

    def rest_height(self) -> float:
        """What the rest of the cut note will take on the next pages."""
        now = self.now
        if now.fit.cut is None:
            return 0.0
        rest = set_notes(self.context, self.template, now.notes[-1:], inf, now.fit.cut, True)
        return rest.height

    # How

    @property
    def limit(self) -> float:
        """The greatest height of the area, as the style sets it."""
        page_height = self.bottom - self.page_top
        if self.attempt.text_share is not None:
            return page_height - self.attempt.text_share
        greatest = self.engine_area.max_height
        if greatest == inf:
            greatest = page_height - LEAST_TEXT_LINES * self.line.height
        return float(min(greatest + _edges(self.template), page_height))

    def _opening(self) -> Step:
        """The foot at the start of the page: the notes that were carried into it come first."""
        notes = self.carry.notes
        fit = self._fit(notes, max(self.limit, self.attempt.reserve), 1, force=True)
        return Step(None, notes[: fit.begun], notes[fit.begun :], fit)

    def _room(self) -> float:
        """The room between the line set last and the page's bottom."""
        if self.column_top is not None:
            return max(self.limit, self.bottom - self.column_top - LEAST_TEXT_LINES * self.line.height)
        return self.bottom - self.line.bottom

    def _with_text_below(self, notes: tuple[Note, ...], wanted: int, fit: Fit) -> Fit:
        """The same notes with some lines of text left free under the call, as many as possible."""
        room, height = self._room(), self.line.height
        share = self.attempt.text_share
        if share is not None:
            rooms = [room - share]
        else:
            rooms = [room - count * height for count in range(LINES_BELOW_CALL, 0, -1)]
            rooms.insert(0, min(rooms[0], self.limit))
        for less in rooms:
            if 0 < less < fit.height:
                other = self._fit(notes, less, wanted)
                if other.begun >= wanted and _stray_call(other, notes) is None:
                    return other
            elif less >= fit.height:
                return fit
        return fit

    def _fit(self, notes: Sequence[Note], room: float, wanted: int, force: bool = False) -> Fit:
        """Set notes in a given room, cut before the first line that calls a note which would not begin.

        That cut is made only if it still lets `wanted` notes begin.
        """
        if not notes:
            return NOTHING
        skip = self.carry.skip if self.carry.notes and notes[0] is self.carry.notes[0] else None
        fit = whole = set_notes(self.context, self.template, notes, room, skip, force)
        while (top := _stray_call(fit, notes)) is not None:
            assert fit.area is not None
            room = top - fit.area.position_y + _edges(fit.area, ("bottom",)) - SLACK
            shorter = set_notes(self.context, self.template, notes, room, skip, force)
            if not 0 < shorter.height < fit.height or shorter.begun < max(wanted, 1):
                return whole
            fit = shorter
        return fit

    def _wait(self, note: Note) -> None:
        now = self.now
        self._steps.append(Step(note, now.notes, (*now.waiting, *note.group), now.fit))

    def _push(self, caller: Note | None, notes: tuple[Note, ...], fit: Fit) -> None:
        self._steps.append(Step(caller, notes[: fit.begun], notes[fit.begun :], fit))
        self._tell_height()

    def _tell_height(self) -> None:
        """Columns ask the engine's own area how high it is."""
        fit = self._steps[-1].fit
        self.engine_area.height = "auto" if fit.area is None else fit.area.height

    def _take_back(self) -> None:
        """Go back to before the notes that were dismissed, and add again what came between and stays."""
        dismissed, self._dismissed = self._dismissed, set()
        while self._steps[-1].caller in dismissed:
            self._steps.pop()
        first = next((n for n, step in enumerate(self._steps) if step.caller in dismissed), None)
        if first is None:
            return
        later = [step for step in self._steps[first:] if step.caller not in dismissed]
        del self._steps[first:]
        for step in later:
            self._add_again(step)

    def _add_again(self, step: Step) -> None:
        """Add a step's notes in the room that they had, now that fewer stand before them."""
        now = self._steps[-1]
        group = step.caller.group if step.caller else ()
        if now.waiting:
            self._steps.append(Step(step.caller, now.notes, (*now.waiting, *group), now.fit))
            return
        notes = (*now.notes, *group)
        whole = not step.waiting and step.fit.cut is None
        self._push(step.caller, notes, self._fit(notes, inf if whole else step.fit.height + SLACK, 0))

    def _match_calls(self, text: Box | None) -> None:
        """Make the foot agree with the calls that really stand in the text, in their order.

        The engine drops boxes (table heads that do not fit, rows, whole tables) without saying so.
        """
        called = [self.context.note(box) for box in _calls([text] if text is not None else [])]
        here = set(called)
        for step in self._steps[1:]:
            if step.caller is not None and step.caller not in here:
                self.context.unlayout_footnote(step.caller.source)
        for note in called:
            if note.source in self.context.footnotes:
                self.context.footnotes.remove(note.source)
                self._wait(note)
        self._take_back()
        callers = [step.caller for step in self._steps[1:] if step.caller is not None]
        in_order = [note for note in called if note in set(callers)]
        if callers != in_order:
            self._set_in_order(in_order)

    def _set_in_order(self, callers: Sequence[Note]) -> None:
        """Set the foot again with the notes of these calls in this order, in the room that it has."""
        now, opening = self.now, self._steps[0]
        whole = not now.waiting and now.fit.cut is None
        notes = (*opening.notes, *opening.waiting, *(note for caller in callers for note in caller.group))
        del self._steps[1:]
        fit = self._fit(notes, inf if whole else now.fit.height + SLACK, len(opening.notes))
        self._push(None, notes, fit)


def _edges(box: Box, sides: Sequence[str] = ("top", "bottom")) -> float:
    """What margins, borders and paddings of a box add to its height."""
    names = ("margin_{}", "border_{}_width", "padding_{}")
    return float(sum(getattr(box, name.format(side)) for side in sides for name in names))


def _calls(boxes: Iterable[Box]) -> Iterator[Box]:
    """The notes that are called in laid-out boxes, in tree order."""
    return (child.footnote for box in boxes for child in box.descendants() if child.footnote is not None)


def _stray_call(fit: Fit, notes: Sequence[Note]) -> float | None:
    """The top of the first line in the area that calls a note which does not begin there."""
    if fit.area is None or fit.begun == len(notes):
        return None
    missing = {note.source for note in notes[fit.begun :]}
    for line in lines(fit.area):
        if any(called in missing for called in _calls([line])):
            return float(line.position_y)
    return None
