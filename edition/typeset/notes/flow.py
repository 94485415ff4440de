"""Notes over the pages: what the engine's layout context and its loop over pages must know of them.

A page may be laid out more than once: where the first attempt shows that room has to be kept for notes (a call
in a later column or cell raises the note area over lines that are already set), or that text without calls had
better be spread over the pages that a long note needs. This module does not know how the foot of a page is
settled (see `foot`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import page as pages
from weasyprint.layout.block import remove_placeholders
from weasyprint.logger import PROGRESS_LOGGER

from edition.typeset.notes.area import Box, Note, lines
from edition.typeset.notes.foot import LEAST_TEXT_LINES, Attempt, Carry, Foot, Line

Replacing = Callable[[Callable[..., Any]], Callable[..., Any]]

MOST_ATTEMPTS = 6
"""How often a page is laid out at most."""

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


@dataclass(slots=True)
class Made:
    """How a page was made, to see whether it has to be made again."""

    carry: Carry
    next_carry: Carry
    called: list[Box]
    """The notes that were called on it."""
    out_of_flow: dict[Any, Any]
    """Its floats that go on on the next page."""
    name: Any
    """Its CSS page name."""


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
        self._page_bottom = 0.0
        self._setting_notes = False
        self._waitlist = Waitlist()
        self._known_notes: dict[Box, Note] = {}
        super().__init__(*arguments, **keywords)
        self.running_elements = RunningElements(lambda: defaultdict(list))

    # What the engine reads and writes

    @property
    def footnotes(self) -> Waitlist:
        """The notes whose calls are still to come; none while notes themselves are set."""
        return Waitlist() if self._setting_notes else self._waitlist

    @footnotes.setter
    def footnotes(self, notes: Any) -> None:
        self._waitlist = Waitlist(dict.fromkeys(notes))

    @property
    def page_bottom(self) -> float:
        """Where the text, or the notes while they are set, has to end."""
        if self.foot is None or self._setting_notes or self.foot.column_top is not None:
            return self._page_bottom
        return self.foot.top

    @page_bottom.setter
    def page_bottom(self, bottom: float) -> None:
        self._page_bottom = bottom

    @property
    def current_footnote_area(self) -> Any:
        """The engine's own area of the page, always empty. A new one begins a page."""
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
        if self.foot is None or self._setting_notes or self.foot.finished:
            return
        if footnote not in self._waitlist and self.foot.dismiss(self.note(footnote)):
            self._waitlist.append(footnote)

    # What the notes need

    def note(self, footnote: Box) -> Note:
        """The note that a footnote box of the engine's is."""
        note = self._known_notes.get(footnote)
        if note is None:
            nested = [child.footnote for child in footnote.descendants() if child.footnote is not None]
            note = self._known_notes[footnote] = Note(footnote, [self.note(box) for box in nested])
        return note

    def refresh_notes(self) -> None:
        """Before the pages are laid out anew: contents of notes may have changed."""
        for note in self._known_notes.values():
            note.refresh()

    @contextmanager
    def setting_notes(self, area: Box, bottom: float) -> Iterator[None]:
        """Lay notes out, to end at `bottom`, without a trace in the layout of the text."""
        context: Any = self
        kept = context._page_bottom, context.in_column, context.broken_out_of_flow, context.forced_break
        context._page_bottom, context.in_column, context.broken_out_of_flow = bottom, False, {}
        self._setting_notes = True
        context.create_block_formatting_context(area)
        try:
            yield
        finally:
            context.finish_block_formatting_context()
            self._setting_notes = False
            context._page_bottom, context.in_column, context.broken_out_of_flow, context.forced_break = kept

    @property
    def setting_text(self) -> Foot | None:
        """The foot of the page whose text is being laid out."""
        return None if self._setting_notes or self.foot is None or self.foot.finished else self.foot


# Hooks: each is given the engine's function and gives what replaces it.


def lines_known(iter_line_boxes: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's lines of a block, each made known before its calls are looked at."""

    def iter_known_lines(
        context: Any, box: Box, position_y: float, bottom_space: float, skip: Any, block: Box, *rest: Any
    ) -> Iterator[tuple[Any, Any]]:
        for line, resume in iter_line_boxes(context, box, position_y, bottom_space, skip, block, *rest):
            if foot := context.setting_text:
                bottom = line.position_y + line.height + max(bottom_space, 0)
                if resume is None or block.style["box_decoration_break"] == "clone":
                    bottom += block.border_bottom_width + block.padding_bottom
                if line.height:
                    context.line_height = line.height
                foot.line = Line(bottom, context.line_height)
            yield line, resume

    return iter_known_lines


def columns_known(columns_layout: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's columns, with the room for notes that all of them leave."""

    def lay_out_columns(context: Any, box: Box, *rest: Any) -> Any:
        foot = context.setting_text
        if foot is None or foot.column_top is not None:
            return columns_layout(context, box, *rest)
        context.page_bottom = foot.top
        foot.open_columns(box.position_y)
        try:
            return columns_layout(context, box, *rest)
        finally:
            foot.close_columns()

    return lay_out_columns


def no_notes_sent_away(_report_footnotes: Callable[..., Any]) -> Callable[..., Any]:
    """After columns, the engine sends notes away that do not fit. The page is laid out again instead."""
    return lambda context, footnotes_height: None


def heads_kept(table_layout: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's tables; a head or foot for which there is no room becomes ordinary rows.

    The engine drops it, with its text and its notes.
    """

    def lay_out_table(
        context: Any,
        table: Box,
        bottom_space: float,
        skip: Any,
        containing_block: Any,
        page_is_empty: bool,
        absolute_boxes: Any,
        fixed_boxes: Any,
    ) -> Any:
        arguments = bottom_space, skip, containing_block, page_is_empty, absolute_boxes, fixed_boxes
        result = table_layout(context, table, *arguments)
        groups = [group for group in table.children if group.is_header or group.is_footer]
        if result[0] is None:
            remove_placeholders(context, groups, absolute_boxes, fixed_boxes)
            return result
        shown = {(group.is_header, group.is_footer) for group in result[0].children}
        dropped = [group for group in groups if (group.is_header, group.is_footer) not in shown]
        if not dropped or skip is not None:
            return result
        remove_placeholders(context, [result[0], *dropped], absolute_boxes, fixed_boxes)
        for group in dropped:
            group.is_header = group.is_footer = False
        return table_layout(context, table, *arguments)

    return lay_out_table


def page_parts(block_level_layout: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's layout of a page's parts: its text, which may have to wait for notes, and the note area."""

    def lay_out_part(context: Any, box: Box, *arguments: Any, **keywords: Any) -> Any:
        if isinstance(box, boxes.FootnoteAreaBox):
            return _note_area(context, box, keywords["absolute_boxes"]), None, None, None, None, None
        if not box.is_for_root_element:
            return block_level_layout(context, box, *arguments, **keywords)
        foot = context.foot
        foot.text = None
        if foot.goes_on or foot.attempt.text_may_wait:
            result = _text_that_may_wait(block_level_layout, context, box, *arguments)
        else:
            result = block_level_layout(context, box, *arguments, **keywords)
        foot.text = result[0]
        return result

    return lay_out_part


def _text_that_may_wait(
    block_level_layout: Callable[..., Any],
    context: Any,
    root: Box,
    bottom_space: float,
    skip: Any,
    containing_block: Any,
    page_is_empty: bool,
    *rest: Any,
) -> Any:
    """Lay out the text of a page that notes carried into it fill anyway: no call without its note."""
    result = block_level_layout(context, root, bottom_space, skip, containing_block, False, *rest)
    if result[0] is not None:
        return result
    empty = root.copy_with_children([])
    result = block_level_layout(context, empty, bottom_space, None, containing_block, True, *rest)
    same_page = {**context.page_maker[context.current_page - 1][1], "break": "any"}
    return (result[0], skip, same_page, *result[3:])


def _note_area(context: Any, area: Box, absolute_boxes: list[Any]) -> Box:
    """The page's note area, once its text is laid out."""
    fit = context.foot.finish(context.foot.text)
    absolute_boxes.extend(fit.positioned)
    if fit.area is not None:
        return fit.area
    empty = area.copy_with_children([])
    empty.height = 0
    return empty


def pages_with_notes(_make_all_pages: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's loop over pages, replaced.

    A page is made again when what it is laid out from has changed, and also when the notes carried into it
    have; notes that wait at a forced break get pages of their own before it.
    """

    def make_all_pages(context: Any, root: Box, html: Any, earlier: list[Any]) -> Iterator[Any]:
        context.rendered_notes = []
        context.refresh_notes()
        made: dict[int, Made] = context.__dict__.setdefault("pages_made", {})
        carry, index = Carry(), 0
        while True:
            remake = context.page_maker[index][-1]
            kept = made.get(index)
            changed = remake["content_changed"] or remake["pages_wanted"]
            if index >= len(earlier) or changed or kept is None or kept.carry != carry:
                PROGRESS_LOGGER.info("Step 5 - Creating layout - Page %d", index + 1)
                name = made[index - 1].name if index else None
                page, resume, made[index] = _make_page(context, root, html, index, carry, name)
            else:
                page, resume = earlier[index], context.page_maker[index + 1][0]
                context.broken_out_of_flow = dict(kept.out_of_flow)
                for footnote in kept.called:
                    context.footnotes.pop(footnote, None)
            carry = made[index].next_carry
            yield page
            index += 1
            if resume is None and not carry.notes:
                context.page_maker = context.page_maker[: index + 1]
                context.broken_out_of_flow.clear()
                return

    return make_all_pages


def _make_page(
    context: Any, root: Box, html: Any, index: int, carry: Carry, last_name: Any
) -> tuple[Any, Any, Made]:
    """Lay out one page, as often as it takes to find room for its notes."""
    context.carry, context.attempt = carry, Attempt()
    uncalled, out_of_flow = context.footnotes.copy(), dict(context.broken_out_of_flow)
    for _ in range(MOST_ATTEMPTS):
        context.foot = None
        context.footnotes, context.broken_out_of_flow = uncalled.copy(), dict(out_of_flow)
        remake = context.page_maker[index][-1]
        remake.update(content_changed=False, pages_wanted=False, anchors=[], content_lookups=[])
        resume, next_page = context.page_maker[index][:2]
        if carry.notes and index and (resume is None or next_page["break"] != "any"):
            page, resume = _make_notes_page(context, root, html, index, last_name)
        else:
            page, resume = pages.remake_page(index, context, root, html)
        attempt = _next_attempt(context.foot)
        if attempt is None:
            break
        context.attempt = attempt
    called = [note for note in uncalled if note not in context.footnotes]
    floats = dict(context.broken_out_of_flow)
    return page, resume, Made(carry, context.foot.carried_on(), called, floats, page.page_type.name)


def _make_notes_page(context: Any, root: Box, html: Any, index: int, name: Any) -> tuple[Any, Any]:
    """A page for notes that wait at a forced break: of the kind of the page before it, not a blank one."""
    resume, next_page, right, state, _ = context.page_maker[index]
    state = deepcopy(state)
    for group in state[3]:
        group[1] += 1
    groups = tuple((group, number) for group, number, _ in state[3])
    side = "right" if right else "left"
    page_type = pages.PageType(side, False, name, index, groups)
    pages.set_page_type_computed_styles(page_type, html, context.style_for)
    context.forced_break = False
    page, _, _ = pages.make_page(context, root.copy_with_children([]), page_type, None, index + 1, state)
    item = resume, next_page, not right, state
    if index + 1 >= len(context.page_maker) or context.page_maker[index + 1][:-1] != item:
        remake = {
            "content_changed": resume is not None,
            "pages_wanted": False,
            "anchors": [],
            "content_lookups": [],
        }
        context.page_maker[index + 1 : index + 2] = [(*item, remake)]
    return page, resume


def _next_attempt(foot: Foot) -> Attempt | None:
    """How to lay the page out again, if that promises more."""
    attempt = foot.attempt
    if foot.overlaps:
        wanted = foot.wanted
        if wanted > attempt.reserve:
            return replace(attempt, reserve=wanted)
        if foot.carry.notes and not attempt.text_may_wait:
            return replace(attempt, text_may_wait=True)
        return None
    if attempt.text_share is None and (share := _text_share(foot)) is not None:
        return replace(attempt, text_share=share)
    return None


def _text_share(foot: Foot) -> float | None:
    """How much text after the last call to keep on a page, if pages of notes alone would follow it.

    The page ended because the next line's note must wait for one that goes on. The text since the last call is
    all there is until that note ends: spread it over the pages that the note needs.
    """
    rest = foot.rest_height() if foot.blocked and foot.now.fit.cut is not None else 0.0
    if not rest or foot.text is None:
        return None
    set_lines = list(lines(foot.text))
    top, height, line = foot.page_top, foot.bottom - foot.page_top, foot.line.height
    calls = (ln for ln in set_lines if any(box.footnote is not None for box in ln.descendants()))
    last_call = max((ln.position_y + ln.height for ln in calls), default=top)
    text = max((ln.position_y + ln.height for ln in set_lines), default=top) - last_call
    count = ceil((rest + 2 * line) / height)
    if count < 2:
        return None
    while (needed := ceil((rest + max(0, text - text / count) + 2 * line) / height)) > count:
        count = needed  # the text takes room from the note
    share = max(LEAST_TEXT_LINES * line, ceil(text / count / line) * line)
    return share if text > share + line / 2 else None


HOOKS: dict[str, Replacing] = {
    "weasyprint.layout.make_all_pages": pages_with_notes,
    "weasyprint.layout.page.block_level_layout": page_parts,
    "weasyprint.layout.block.iter_line_boxes": lines_known,
    "weasyprint.layout.block.columns_layout": columns_known,
    "weasyprint.layout.block.table_layout": heads_kept,
    "weasyprint.layout.column._report_footnotes": no_notes_sent_away,
}
"""What the engine's module wraps: dotted name → function that is given the original and gives its replacement."""
