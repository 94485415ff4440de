"""Each repair of the engine taken out by itself: a case must fail then, or the repair is not needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from weasyprint.formatting_structure import boxes
from weasyprint.layout import LayoutContext

from edition.typeset import engine, furniture, lines, notes
from edition.typeset.notes import area, context, flow, foot, note
from tests.typeset import fuzz, test_notes

Taking = Callable[[pytest.MonkeyPatch], Any]
"""Takes a repair out, for as long as the patch lasts."""


def hook(name: str) -> Taking:
    """The engine's own function again."""

    def take(patch: pytest.MonkeyPatch) -> None:
        owner, attribute = engine._owner(name)
        patch.setattr(owner, attribute, engine._originals[name])

    return take


def instead(owner: Any, name: str, value: Any) -> Taking:
    return lambda patch: patch.setattr(owner, name, value, raising=False)


class EngineWithoutNotes(lines.LinesMixin, furniture.FurnitureMixin, LayoutContext):
    """The layout context to which nothing of notes is added."""


def all_of_it(patch: pytest.MonkeyPatch) -> None:
    """The engine as it comes."""
    for name in notes.HOOKS:
        hook(name)(patch)
    patch.setattr("weasyprint.document.LayoutContext", EngineWithoutNotes)


def dismissed_though_carried(self: Any, note: Any) -> bool:
    """As the engine: a note carried into the page goes when a box that calls it is taken back."""
    opening = self._steps[0]
    if note not in opening.notes:
        return bool(dismiss(self, note))
    left = tuple(other for other in opening.notes if other is not note)
    self._steps[0] = foot.Step(None, left, opening.waiting, self._fit(left, 1e6, 0))
    return True


dismiss, admit = foot.Foot.dismiss, foot.Foot.admit


def sent_away(self: Any, footnote: Any) -> None:
    """As the engine: whatever note is named goes to the next page, also one whose call stays."""
    note = self.note(footnote)
    self.foot.dismiss(note)
    self.foot.postpone(note)


def engines_own_list(patch: pytest.MonkeyPatch) -> None:
    """The notes on the page where the engine looks for some to send away."""
    listed = property(
        lambda self: [step.caller.source for step in self.foot._steps if step.caller] if self.foot else [],
        lambda self, value: None,
    )
    patch.setattr(context.NotesMixin, "current_page_footnotes", listed, raising=False)
    patch.setattr(context.NotesMixin, "report_footnote", sent_away)


REPAIRS: dict[str, tuple[Taking, str]] = {
    "notes break over pages": (all_of_it, "note_longer_than_the_room_under_its_call"),
    "a note is kept with its call": (instead(context, "keep_with_call", lambda note: None), "policy_auto"),
    "no note is lost": (all_of_it, "line_kept_by_sending_an_earlier_note_away"),
    "the engine sends no note away": (engines_own_list, "line_kept_by_sending_an_earlier_note_away"),
    "carried notes are never taken back": (
        instead(foot.Foot, "dismiss", dismissed_though_carried),
        "note_carried_into_a_box_that_is_tried_and_moved",
    ),
    "heads without room become rows": (
        hook("weasyprint.layout.block.table_layout"),
        "table_head_taller_than_the_page",
    ),
    "a cell without room waits": (
        hook("weasyprint.layout.block.block_container_layout"),
        "cell_that_waits_while_its_neighbour_goes_on",
    ),
    "white space collapses": (
        instead(note, "settled_text", lambda box: box),
        "note_with_line_ends_in_its_source",
    ),
    "a float in a note goes on": (instead(note, "settled_text", lambda box: box), "float_in_a_note"),
    "room is kept for a call in a later cell": (
        instead(flow, "_next_attempt", lambda foot: None),
        "parallel_cells_with_a_call_in_the_second",
    ),
    "notes agree with the calls that stand": (
        instead(foot.Foot, "_match_calls", lambda self, text: None),
        "float_inline_block_flex_grid",
    ),
    "calls of kept pages are no longer waited for": (
        instead(flow, "_keep", lambda context, made: None),
        "table_head_repeated_on_a_page_that_is_made_again",
    ),
    "a page reference in a note is filled in": (
        instead(context.NotesMixin, "refresh_notes", lambda self: None),
        "page_reference_in_a_note",
    ),
    "waiting notes come before a forced break": (
        instead(flow, "_notes_come_first", lambda carry, resume, page: bool(carry.notes) and resume is None),
        "page_name_changes_while_a_note_goes_on",
    ),
    "a page is made again when the notes carried into it change": (
        instead(flow, "_changed", lambda remake, made, carry: remake["content_changed"] or remake["pages_wanted"]),
        "page_whose_carried_note_was_cut_elsewhere",
    ),
    "a note begins with two lines": (
        instead(area, "FEWEST_LINES", 1),
        "single_line_of_room_where_orphans_may_stand",
    ),
    "a cut note leaves lines under its call": (
        instead(foot.Foot, "_with_text_below", lambda self, notes, wanted, fit: fit),
        "call_in_the_first_line_of_a_paragraph",
    ),
    "text is spread over the pages of a note": (
        instead(flow, "_text_share", lambda foot: None),
        "text_spread_over_the_pages_of_a_note",
    ),
    "a caller is cut before the line of a nested call": (
        instead(foot, "_stray_call", lambda fit, notes: None),
        "note_called_from_a_note_that_nearly_fits",
    ),
    "a caller waits for a note that it calls": (
        instead(
            foot.Foot, "admit", lambda self, note, nested_may_wait=False: admit(self, note, nested_may_wait=True)
        ),
        "note_called_from_the_first_line_of_a_note",
    ),
    "columns leave room together": (
        hook("weasyprint.layout.block.columns_layout"),
        "call_low_in_a_column",
    ),
    "text waits while a note goes on": (
        instead(foot.Foot, "goes_on", property(lambda self: False)),
        "text_runs_out_beside_a_long_note",
    ),
}


@pytest.mark.parametrize("repair", REPAIRS)
def test_repair_is_needed(repair: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The case holds with the repair (see `test_notes`), and not without."""
    engine.install()
    take, case = REPAIRS[repair]
    (path,) = (path for path in test_notes.CASES if path.stem == case)
    take(monkeypatch)
    assert test_notes.outcome(path).faults


def test_running_elements_do_not_make_pages_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    engine.install()
    (path,) = (path for path in test_notes.CASES if path.stem == "running_head_and_long_notes")
    case = test_notes.Case(path)
    made: list[int] = []
    make_page = flow._make_page
    monkeypatch.setattr(flow, "_make_page", lambda *given: made.append(given[3]) or make_page(*given))
    pages = fuzz.lay_out(case.xhtml, test_notes.STYLE + case.css)
    assert len(made) == len(pages)
    monkeypatch.setattr(context.RunningElements, "items", defaultdict.items)
    made.clear()
    fuzz.lay_out(case.xhtml, test_notes.STYLE + case.css)
    assert len(made) > len(pages)


def rules_over_notes(case: str) -> list[bool]:
    """Of each page with notes, whether the rule stands over them."""
    (path,) = (path for path in test_notes.CASES if path.stem == case)
    pages = fuzz.lay_out(test_notes.Case(path).xhtml, test_notes.STYLE)
    areas = (box for page in pages for box in page.children if isinstance(box, boxes.FootnoteAreaBox))
    return [area.border_top_width > 0 for area in areas if area.children]


def test_the_rule_stands_over_run_overs(monkeypatch: pytest.MonkeyPatch) -> None:
    engine.install()
    case = "note_longer_than_the_room_under_its_call"
    assert len(rules_over_notes(case)) > 1
    assert all(rules_over_notes(case))

    def sliced(page_area: Any) -> Any:
        made = area.note_area_template(page_area)
        made.style["box_decoration_break"] = "slice"
        return made

    monkeypatch.setattr(foot, "note_area_template", sliced)
    assert not all(rules_over_notes(case))
