"""Page references that CSS writes. Each fails without its hook."""

from __future__ import annotations

from typing import Any

import pytest
from weasyprint import CSS
from weasyprint.formatting_structure import boxes
from weasyprint.layout import layout_document

from edition.typeset import base_css, engine, references

CONTENT = "weasyprint.formatting_structure.build.compute_content_list"
STYLE = """
@page { size: 200px 100px; margin: 10px } body, p { margin: 0; font: 10px/12px "Linux Libertine O" }
p { break-after: page }
"""


def said(body: str, style: str = "") -> list[str]:
    """What the references of a body say, which stand before three pages with the anchors a, b and c."""
    engine.install()
    pages = "".join(f'<p id="{anchor}">{anchor}</p>' for anchor in "abc")
    sheets = [CSS(string=text) for text in (base_css(), STYLE, style)]
    html = f"<html><body><p>{body}</p>{pages}</body></html>"
    drawn = engine.html_from(html, "").render(stylesheets=sheets)
    first: Any = drawn.pages[0]._page_box
    return [box.text for box in first.descendants() if isinstance(box, boxes.TextBox) and "[" in box.text]


def reference(since: str, to: str, classes: str = "") -> str:
    return f'<a class="new-page {classes}" href="#{to}" data-since="#{since}">1</a>'


def test_a_span_on_one_page_is_that_page() -> None:
    assert said(reference("b", "b")) == ["\u00a0[3]"]


def test_a_span_is_shortened() -> None:
    assert said(reference("a", "c"), "@page :first { counter-reset: page 320 }") == ["\u00a0[321–23]"]


def test_roman_spans_stand_in_full() -> None:
    assert said(reference("a", "c", "in-front")) == ["\u00a0[ii–iv]"]


def test_other_dashes_stay_as_a_style_writes_them() -> None:
    style = 'a.new-page::after { content: "[1–1, " target-counter(attr(href), page) "]" !important }'
    assert said(reference("b", "b"), style) == ["[1–1, 3]"]


@pytest.mark.parametrize(("since", "wrong"), [("b", "\u00a0[3–3]"), ("a", "\u00a0[2–3]")])
def test_without_the_hook_both_ends_are_written(since: str, wrong: str) -> None:
    with engine.without(CONTENT):
        assert said(reference(since, "b")) == [wrong]


def widths(hooked: bool) -> tuple[float, float]:
    """The width of the last column of a table with a reference, and that of the reference in it."""
    style = "table { border-spacing: 0 } td { padding: 0 } @page :first { counter-reset: page 12345678 }"
    html = (
        f"<html><body><table><tr><td>{'word ' * 80}</td><td>{reference('b', 'b')}</td></tr></table>"
        '<p>a</p><p id="b">b</p></body></html>'
    )
    engine.install()
    names = () if hooked else ("weasyprint.layout.make_all_pages",)
    with engine.without(*names):
        drawn = engine.html_from(html, "").render(
            stylesheets=[CSS(string=text) for text in (base_css(), STYLE, style)]
        )
    page: Any = drawn.pages[0]._page_box
    cells = [box for box in page.descendants() if isinstance(box, boxes.TableCellBox)]
    return cells[-1].width, sum(box.width for box in cells[-1].descendants() if isinstance(box, boxes.TextBox))


def test_a_column_is_as_wide_as_the_page_numbers_in_it() -> None:
    column, words = widths(hooked=True)
    assert column >= words - 0.1
    column, words = widths(hooked=False)
    assert column < words


def test_pages_are_laid_out_five_times_at_most() -> None:
    engine.install()
    assert engine._originals["weasyprint.document.layout_document"].__defaults__ == (8,)
    assert references.in_few_rounds(layout_document).keywords == {"max_loops": 5}
    assert set(references.HOOKS) >= {"weasyprint.document.layout_document"}
