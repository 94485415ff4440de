"""Pages whose last line comes down to the foot, by spaces that are widened for it."""

from __future__ import annotations

from typing import Any

import pytest
from weasyprint import CSS
from weasyprint.formatting_structure import boxes

from edition.typeset import base_css, engine
from edition.typeset.furniture import place_margin_marks

STEP = 20
STYLE = """
@page { size: 300px 240px; margin: 20px } body, p, h2, table { margin: 0; padding: 0 }
html { font: 12px/20px "Linux Libertine O"; --page-depth-stretch: 1 } td { padding: 0 } table { border-spacing: 0 }
h2 { font-size: inherit; margin-top: 40px; break-after: avoid } .whole { break-inside: avoid }
"""
LINES = 10
"""On a page."""
FOOT = 220


def p(*lines: str) -> str:
    return "<p>" + "<br/>".join(lines) + "</p>"


WHOLE = '<p class="whole">i<br/>j<br/>k<br/>l</p>'
"""A paragraph that is not cut."""
ONE_MISSING = p("a", "b") + "<h2>head</h2>" + p("c", "d", "e", "f") + WHOLE
"""Nine lines before a paragraph that has no room."""


def pages_of(text: str, style: str = "") -> list[Any]:
    engine.install()
    html = engine.html_from(f'<html lang="en"><body>{text}</body></html>', "")
    sheets = [CSS(string=sheet) for sheet in (base_css(), STYLE, style)]
    return [page._page_box for page in html.render(stylesheets=sheets).pages]


def tops(page: Any) -> dict[str, float]:
    """Where each line stands, by its words, from the first line of the page on, in lines."""
    return {
        "".join(box.text for box in line.descendants() if isinstance(box, boxes.TextBox)): (line.position_y - 20)
        / STEP
        for line in page.children[0].descendants()
        if isinstance(line, boxes.LineBox) and line.height
    }


def test_the_space_above_a_head_takes_the_missing_line() -> None:
    first, second = map(tops, pages_of(ONE_MISSING))
    assert first == {"a": 0, "b": 1, "head": 5, "c": 6, "d": 7, "e": 8, "f": 9}
    assert second["i"] == 0


def test_without_the_property_a_page_is_the_engines() -> None:
    first = tops(pages_of(ONE_MISSING, "html { --page-depth-stretch: 0 }")[0])
    assert first == {"a": 0, "b": 1, "head": 4, "c": 5, "d": 6, "e": 7, "f": 8}
    assert tops(pages_of(ONE_MISSING, "html { --page-depth-stretch: initial }")[0]) == first


def test_the_last_page_ends_where_it_ends() -> None:
    assert tops(pages_of(ONE_MISSING.replace(WHOLE, ""))[0])["f"] == 8
    forced = ONE_MISSING.replace('class="whole"', 'style="break-before: page"')
    assert tops(pages_of(forced)[0])["f"] == 8


def test_more_than_the_spaces_may_take_is_left() -> None:
    """One space gives a line; for two lines two spaces are needed."""
    two = p("a") + "<h2>head</h2>" + p("c", "d", "e", "f") + WHOLE
    assert tops(pages_of(two)[0])["f"] == 7
    assert tops(pages_of(two, "html { --page-depth-stretch: 2 }")[0])["f"] == 9
    quote = p("a") + "<h2>head</h2>" + p("c") + '<p style="margin-top: 20px">d</p>' + p("e") + WHOLE
    assert tops(pages_of(quote)[0]) == {"a": 0, "head": 4, "c": 5, "d": 8, "e": 9}


def test_heads_come_first_and_other_spaces_share() -> None:
    text = p("a") + '<p style="margin-top: 60px">b</p><h2>head</h2>' + p("c") + WHOLE
    assert tops(pages_of(text)[0]) == {"a": 0, "b": 4, "head": 8, "c": 9}
    without = text.replace("<h2>head</h2>", '<p style="margin-top: 40px">head</p>')
    assert tops(pages_of(without)[0]) == {"a": 0, "b": 4.5, "head": 8, "c": 9}


def test_of_heads_the_one_with_the_greatest_space_comes_first() -> None:
    text = (
        p("a")
        + '<h2 style="margin-top: 60px">one</h2>'
        + p("b")
        + '<h2 style="margin-top: 20px">two</h2>'
        + p("c")
    )
    assert tops(pages_of(text + WHOLE)[0]) == {"a": 0, "one": 5, "b": 6, "two": 8, "c": 9}


@pytest.mark.parametrize(
    "glued", ["h2 { break-before: avoid }", "body { break-inside: avoid-page }", "p { break-after: avoid }"]
)
def test_what_belongs_together_is_not_parted(glued: str) -> None:
    """Where a page may not end, the space is what it is."""
    assert tops(pages_of(ONE_MISSING + p("z") * 9, glued)[0])["head"] == 4


def test_text_off_the_grid_shares_what_is_missing() -> None:
    """Half a line after a taller box; no space takes more than it may."""
    text = (
        p("a") + '<div style="height: 30px"></div><h2>head</h2>' + p("c", "d") + "<h2>next</h2>" + p("e") + WHOLE
    )
    first = tops(pages_of(text, "h2 { margin-top: 20px }")[0])
    plain = tops(pages_of(text, "h2 { margin-top: 20px } html { --page-depth-stretch: 0 }")[0])
    assert plain["e"] == 8.5
    assert first["e"] == 9
    assert 0 < first["head"] - plain["head"] < first["next"] - plain["next"] == 0.5


def element(page: Any, tag: str) -> Any:
    return next(box for box in page.children[0].descendants() if box.element_tag == tag)


def test_boxes_around_grow_and_what_hangs_on_lines_moves() -> None:
    inner = p("b") + '<h2>head</h2><p>c <a id="to" href="#to">link</a></p>' + p("d")
    text = p("a") + f'<div style="border: 1px solid; margin: -1px 0">{inner}</div>' + p("e", "f") + WHOLE
    first = pages_of(text)[0]
    plain = pages_of(text, "html { --page-depth-stretch: 0 }")[0]
    box, small = (element(page, "div") for page in (first, plain))
    link, unmoved = (element(page, "a") for page in (first, plain))
    assert box.position_y == small.position_y
    assert box.height == small.height + STEP
    assert link.position_y == unmoved.position_y + STEP
    assert tops(first)["f"] == 9


def test_a_cut_box_stays_on_its_page() -> None:
    """It is as high as its page anyway."""
    text = f'<div style="background: silver">{ONE_MISSING}</div>'
    box = element(pages_of(text)[0], "div")
    assert box.position_y + box.height <= FOOT


@pytest.mark.parametrize(
    "fixed",
    [
        '<div style="float: right; width: 30px; height: 30px"></div>',
        '<div style="float: left">o</div>',
        '<div style="position: absolute; bottom: 0">o</div>',
    ],
)
def test_a_page_with_boxes_in_places_of_their_own_is_left(fixed: str) -> None:
    first = tops(pages_of(ONE_MISSING.replace("<h2>", fixed + "<h2>"))[0])
    assert first["f"] == 8


def test_nothing_is_widened_in_tables_and_columns() -> None:
    inner = p("b") + "<h2>head</h2>" + p("c")
    for around in (
        "<table><tr><td>{}</td></tr></table>",
        '<div style="columns: 1">{}</div>',
        '<div style="display: flex"><div>{}</div></div>',
    ):
        first = tops(pages_of(p("a") + around.format(inner) + p("d", "e", "f") + WHOLE)[0])
        assert first["head"] - first["b"] == 3
        assert first["f"] == 8


def test_notes_stand_at_the_foot_and_the_text_is_left() -> None:
    note = '<a class="call" href="#n">1</a><aside class="note" id="n"><p>Note.</p></aside>'
    text = p("a", "b" + note) + "<h2>head</h2>" + p("c", "d", "e") + WHOLE
    page = pages_of(text, "aside.note { font-size: 10px }")[0]
    assert tops(page)["e"] == 7
    area = page.children[1]
    assert area.position_y + area.margin_height() == FOOT


def test_marks_in_the_margin_move_with_their_lines() -> None:
    mark = '<p class="page-break-block"><span class="page-break" data-page="7"></span></p>'
    text = f'<div class="original-pages-margin">{ONE_MISSING.replace("<h2>", mark + "<h2>")}</div>'
    page = pages_of(text)[0]
    place_margin_marks(page)
    found = tops(page)
    assert found["head"] == 5
    seven = next(box for box in page.descendants(placeholders=True) if getattr(box, "text", "") == "7")
    head = next(box for box in page.descendants() if getattr(box, "text", "") == "head")
    assert seven.position_y + seven.baseline == pytest.approx(head.position_y + head.baseline, abs=0.01)
