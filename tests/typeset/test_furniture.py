"""Folios, spans, marks in the margin, the last line before a facsimile break. Each fails without its hook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from weasyprint import CSS
from weasyprint.formatting_structure import boxes

from edition.numerals import inclusive
from edition.typeset import base_css, engine
from edition.typeset.furniture import place_margin_marks

PAGE = """
@page { size: 300px 200px; margin: 40px 60px; font: 10px/12px "Linux Libertine O";
  @top-left { content: string(folio) } @top-center { content: string(original-pages) }
  @top-right { content: string(continued, first-except) } }
html { font: 10px/12px "Linux Libertine O" } body, p { margin: 0; text-align: justify }
"""


def lay_out(body: str, style: str = "", mode: str = "inline") -> list[Any]:
    """The page boxes of a body in a mode of original pages."""
    engine.install()
    html = f'<html lang="en"><body class="original-pages-{mode}">{body}</body></html>'
    sheets = [CSS(string=text) for text in (base_css(), PAGE, style)]
    return [page._page_box for page in engine.html_from(html, "").render(stylesheets=sheets).pages]


def furniture(pages: Sequence[Any]) -> list[list[str]]:
    """For each page the texts in its margin, from left to right."""
    return [[text_of(child) for child in page.children if isinstance(child, boxes.MarginBox)] for page in pages]


def text_of(box: Any) -> str:
    return "".join(part.text for part in box.descendants() if isinstance(part, boxes.TextBox))


def page_break(number: str, classes: str = "") -> str:
    return f'<span class="page-break {classes}" data-page="{number}" data-number="{number}"></span>'


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [  # The Chicago Manual of Style's own examples, and what they leave open
        ("71", "72", "71–72"), ("96", "117", "96–117"), ("100", "104", "100–104"), ("1100", "1113", "1100–1113"),
        ("101", "108", "101–8"), ("808", "833", "808–33"), ("1103", "1104", "1103–4"), ("321", "328", "321–28"),
        ("498", "532", "498–532"), ("1087", "1089", "1087–89"), ("1496", "1500", "1496–500"),
        ("11564", "11615", "11564–615"), ("12991", "13001", "12991–3001"), ("404", "404", "404"),
        ("xii", "xv", "xii–xv"),
        ("404", "", "404–"), ("9", "10", "9–10"), ("99", "101", "99–101"), ("[14]", "15", "[14]–15"),
        ("410", "407", "410–407"),
    ],
)  # fmt: skip
def test_spans_are_shortened_as_chicago_does(first: str, last: str, written: str) -> None:
    assert inclusive(first, last) == written


def test_the_span_names_first_and_last_original_page_of_a_page() -> None:
    body = (
        "<main><section><p>none</p></section>"
        f"<p style='break-before: page'>a {page_break('404')} b</p>"
        f"<p style='break-before: page'>a {page_break('405')} b {page_break('406')}</p>"
        "<p style='break-before: page'>goes on</p></main>"
    )
    spans = [texts[1] for texts in furniture(lay_out(body))]
    assert spans == ["", "404", "404–6", "406"]


def test_folios_are_roman_before_the_text_and_begin_again_with_it() -> None:
    body = (
        "<section class='front'><p>one</p><p style='break-before: page'>two</p></section>"
        "<main><section><p>text</p></section><section><p style='break-before: page'>more</p></section></main>"
    )
    pages = lay_out(body)
    assert [texts[0] for texts in furniture(pages)] == ["i", "ii", "1", "2"]
    assert [page.folio for page in pages] == ["i", "ii", "1", "2"]


def test_facsimile_folios_are_the_original_pages() -> None:
    def starting(number: str, text: str) -> str:
        return f"<p class='starts-page'>{page_break(number, 'starts-page')}{text}</p>"

    long = "Much more than fits on the page. " * 40
    body = "<main><section><p>before</p></section>" + starting("xx", "short") + starting("21", long)
    body += starting("22", "end") + "</main>"
    pages = lay_out(body, mode="facsimile")
    folios = [page.folio for page in pages]
    assert folios[:3] == ["1", "xx", "21"]
    assert folios[-2:] == ["21", "22"]
    continued = [text for (*_, text) in furniture(pages)][1:]
    assert continued == ["", "", *["continued"] * (len(pages) - 4), ""]


@pytest.mark.parametrize(("side", "outside"), [("right", 240.0), ("left", 60.0)])
def test_marks_stand_in_the_outer_margin_on_the_line_of_their_break(side: str, outside: float) -> None:
    text = "word and word and " * 3
    body = (
        f"<p style='break-before: {side}'>{text}{page_break('404')} and more {page_break('405')} of it. {text}</p>"
        f"<p class='page-break-block'>{page_break('406')}</p><p>After it.</p>"
    )
    page = lay_out(f"<p>before</p>{body}", mode="margin")[-1]
    place_margin_marks(page)
    marks = {text_of(box): box for box in page.descendants(placeholders=True) if is_mark(box)}
    lines = [box for box in page.descendants() if isinstance(box, boxes.LineBox) and "word" in text_of(box)]
    assert sorted(marks) == ["404", "405", "406"]
    for number, inner in (("404", "404"), ("405", "404")):
        line = next(line for line in lines if "of it" in text_of(line))
        assert baseline(marks[number]) == pytest.approx(line.position_y + line.baseline, abs=0.01)
        distance = abs(marks[number].position_x - outside)
        assert distance >= abs(marks[inner].position_x - outside)
    spans = sorted((mark.position_x, mark.position_x + mark.width) for mark in (marks["404"], marks["405"]))
    assert spans[0][1] < spans[1][0]
    assert all(
        mark.position_x >= 240 if side == "right" else mark.position_x + mark.width <= 60
        for mark in marks.values()
    )
    after = next(box for box in page.descendants() if isinstance(box, boxes.LineBox) and "After" in text_of(box))
    assert baseline(marks["406"]) == pytest.approx(after.position_y + after.baseline, abs=0.01)


def is_mark(box: Any) -> bool:
    return isinstance(box, boxes.BlockBox) and box.element_tag == "span::after"


def baseline(mark: Any) -> float:
    line = next(box for box in mark.descendants() if isinstance(box, boxes.LineBox))
    return float(line.position_y + line.baseline)


@pytest.mark.parametrize(("words", "full"), [(3, False), (6, True)])
def test_a_short_last_line_before_a_break_is_not_stretched(words: int, full: bool) -> None:
    text = " ".join(["words"] * words)
    body = f"<p class='to-break' style='hyphens: manual'>{text}</p>"

    def right() -> float:
        (page,) = lay_out(body, mode="facsimile")
        line = [box for box in page.descendants() if isinstance(box, boxes.LineBox) and box.element_tag == "p"][-1]
        return float(max(part.position_x + part.width for part in line.descendants()))

    assert (right() == pytest.approx(240, abs=0.5)) == full
    with engine.without("weasyprint.layout.inline.text_align"):
        assert right() == pytest.approx(240, abs=0.5)


def test_two_folios_without_the_hook_are_missing() -> None:
    with engine.without("weasyprint.layout.make_margin_boxes"), pytest.raises(AttributeError):
        lay_out("<p>text</p>")


def test_built_in_styles_say_string_folio() -> None:
    """A style that counts pages itself would be wrong in facsimile mode."""
    for sheet in Path(__file__).parents[2].glob("styles/*/page.css"):
        assert not re.search(r"content: [^;]*counter\(page", sheet.read_text("utf-8"))
