"""Notes over the pages: the loop that makes them, and how often each is made.

A page may be laid out more than once: where the first attempt shows that room has to be kept for notes (a call
in a later column or cell raises the note area over lines that are already set), or that text without calls had
better be spread over the pages that a long note needs. This module does not know how the foot of a page is
settled (see `foot`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from weasyprint.layout import page as pages
from weasyprint.logger import PROGRESS_LOGGER

from edition.typeset.depth import bring_to_depth, drawn_bottom, lines_that_spaces_give
from edition.typeset.lines.page_ends import PageEnd
from edition.typeset.notes.area import lines
from edition.typeset.notes.foot import LEAST_TEXT_LINES, Attempt, Carry, Foot
from edition.typeset.notes.note import Box

MOST_ATTEMPTS = 6
"""How often a page is laid out at most."""


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
            kept = made.get(index)
            if index >= len(earlier) or kept is None or _changed(context.page_maker[index][-1], kept, carry):
                PROGRESS_LOGGER.info("Step 5 - Creating layout - Page %d", index + 1)
                name = made[index - 1].name if index else None
                page, resume, made[index] = _make_page(context, root, html, index, carry, name)
            else:
                page, resume = earlier[index], context.page_maker[index + 1][0]
                _keep(context, kept)
            carry = made[index].next_carry
            yield page
            index += 1
            if resume is None and not carry.notes:
                context.page_maker = context.page_maker[: index + 1]
                context.broken_out_of_flow.clear()
                return

    return make_all_pages


def _changed(remake: dict[str, Any], made: Made, carry: Carry) -> bool:
    """Whether a page has to be made again: the engine's two reasons, and other notes carried into it."""
    return bool(remake["content_changed"] or remake["pages_wanted"] or made.carry != carry)


def _keep(context: Any, made: Made) -> None:
    """What is still to come after a page that stays as it is."""
    context.broken_out_of_flow = dict(made.out_of_flow)
    for footnote in made.called:
        context.footnotes.pop(footnote, None)


def _notes_come_first(carry: Carry, resume: Any, next_page: dict[str, Any]) -> bool:
    """Whether the notes carried from the page before get a page of their own: a forced break, or the end."""
    return bool(carry.notes) and (resume is None or next_page["break"] != "any")


def _make_page(
    context: Any, root: Box, html: Any, index: int, carry: Carry, last_name: Any
) -> tuple[Any, Any, Made]:
    """Lay out one page, with lines that end it well; without notes, its last line comes down to its foot."""
    context.forget_changes(index)
    state = context.footnotes.copy(), dict(context.broken_out_of_flow)
    asked = dict.fromkeys(("content_changed", "pages_wanted"), False)

    attempt = Attempt()

    def settle(less: float) -> tuple[Any, Any, Made]:
        nonlocal attempt
        attempt = Attempt(reserve=less and less + context.foot.height)
        context.footnotes, context.broken_out_of_flow = state[0].copy(), dict(state[1])
        return _settle_page(context, root, html, index, carry, last_name, asked, attempt)

    def end_of(settled: tuple[Any, Any, Made]) -> PageEnd:
        foot, (_, resume, made) = context.foot, settled
        goes_on = resume is not None and context.page_maker[index + 1][1]["break"] == "any"
        is_free = not (foot.blocked or foot.overlaps or foot.attempt != attempt)
        gives = lines_that_spaces_give(foot.text) if goes_on and not foot.height else None
        bottom, waiting = foot.bottom - foot.height, len(made.next_carry.notes)
        return PageEnd(foot.text, bottom, drawn_bottom(foot.text), goes_on and is_free, waiting, gives)

    settled: tuple[Any, Any, Made] = context.with_better_end(index, settle, end_of)
    if not context.foot.height and end_of(settled).goes_on:
        bring_to_depth(context.foot.text, context.foot.page_top, context.foot.bottom)
    return settled


def _settle_page(
    context: Any,
    root: Box,
    html: Any,
    index: int,
    carry: Carry,
    last_name: Any,
    asked: dict[str, bool],
    attempt: Attempt,
) -> tuple[Any, Any, Made]:
    """Lay out one page, as often as it takes to find room for its notes.

    `asked` is what the engine wants the page to be made again for: it says so only once, when the page is first
    laid out, and says no more when it is laid out again at once.
    """
    context.carry, context.attempt = carry, attempt
    uncalled, out_of_flow = context.footnotes.copy(), dict(context.broken_out_of_flow)
    for _ in range(MOST_ATTEMPTS):
        context.foot = None
        context.footnotes, context.broken_out_of_flow = uncalled.copy(), dict(out_of_flow)
        remake = context.page_maker[index][-1]
        remake.update(content_changed=False, pages_wanted=False, anchors=[], content_lookups=[])
        resume, next_page = context.page_maker[index][:2]
        if _notes_come_first(carry, resume, next_page):
            page, resume = _make_notes_page(context, root, html, index, last_name)
        else:
            page, resume = pages.remake_page(index, context, root, html)
        for reason in asked:
            asked[reason] = remake[reason] = asked[reason] or remake[reason]
        another = _next_attempt(context.foot)
        if another is None:
            break
        context.attempt = another
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
