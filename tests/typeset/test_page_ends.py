"""Pages that end well: full, and without a hyphen, whatever their side."""

from __future__ import annotations

import random
from typing import Any

import pytest
from weasyprint import CSS
from weasyprint.formatting_structure import boxes

from edition.typeset import base_css, engine
from edition.typeset.lines import page_ends
from edition.typeset.notes import tally
from tests.specimen import TALE

STYLE = """
@page { size: 380px 314px; margin: 30px } body, p { margin: 0 } p { text-indent: 14px }
html { font: 11px/14px "Linux Libertine O"; text-align: justify; hyphens: auto; hyphenate-limit-chars: 6 2 3; --lines: full;
       orphans: 2; widows: 2 }
"""
LINES = 18
"""On a page."""


def body(count: int = 60) -> str:
    """Paragraphs of two to nine lines."""
    words = (TALE * 6).split()
    chance, found, at = random.Random(1), [], 0
    for _ in range(count):
        length = chance.randint(22, 110)
        found.append("<p>" + " ".join(words[at % 61 : at % 61 + length]) + "</p>")
        at += length
    return "".join(found)


def pages_of(text: str, style: str = "") -> list[Any]:
    engine.install()
    html = engine.html_from(f'<html lang="en"><body>{text}</body></html>', "")
    return [
        page._page_box
        for page in html.render(stylesheets=[CSS(string=s) for s in (base_css(), STYLE, style)]).pages
    ]


def lines_of(page: Any) -> list[str]:
    """The lines of a page's text."""
    return [
        "".join(box.text for box in line.descendants() if isinstance(box, boxes.TextBox))
        for line in page_ends._lines(page.children[0])
    ]


@pytest.fixture
def as_they_come(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The pages of the sample without a second try."""
    with monkeypatch.context() as patch:
        patch.setattr(page_ends, "MOST_TRIES", 0)
        patch.setattr(page_ends, "HYPHEN", page_ends.EMPTY_LINE)
        return [lines_of(page) for page in pages_of(body(240))]


def hyphens(pages: list[list[str]]) -> int:
    return sum(page[-1].endswith("-") for page in pages[:-1])


def empty(pages: list[list[str]]) -> int:
    return sum(LINES - len(page) for page in pages[:-1])


def test_pages_are_full_and_end_without_hyphens(
    as_they_come: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At any price; the text is what it was."""
    monkeypatch.setattr(page_ends, "DEAREST_FOR_DEPTH", page_ends.DEAREST_FOR_HYPHEN)
    made = [lines_of(page) for page in pages_of(body(240))]
    assert hyphens(as_they_come) > 2
    assert empty(as_they_come) > 2
    assert hyphens(made) == 0
    assert empty(made) < 0.7 * empty(as_they_come)
    assert plain(made) == plain(as_they_come)


def test_a_better_end_is_not_worth_any_price(
    as_they_come: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that makes the lines worse by more than it may is not made."""
    made = [lines_of(page) for page in pages_of(body(240))]
    assert hyphens(made) == 0
    assert empty(made) <= empty(as_they_come)
    monkeypatch.setattr(page_ends, "DEAREST_FOR_DEPTH", -1.0)
    monkeypatch.setattr(page_ends, "DEAREST_FOR_HYPHEN", -1.0)
    monkeypatch.setattr(page_ends, "HYPHEN", page_ends.EMPTY_LINE)
    assert [lines_of(page) for page in pages_of(body(240))] == as_they_come


def plain(pages: list[list[str]]) -> str:
    lines = [line for page in pages for line in page]
    joined = "".join(line[:-1] if line.endswith("-") else line + " " for line in lines)
    return "".join(joined.split())


def test_neither_side_nor_place_matters() -> None:
    alone = [lines_of(page) for page in pages_of(body(30))]
    style = "@page :left { margin: 30px 20px 30px 40px } .after { break-before: page }"
    second = [lines_of(page) for page in pages_of(f'<p>First.</p><div class="after">{body(30)}</div>', style)]
    assert second[1:] == alone


def test_a_change_is_gone_when_its_page_is_laid_out_anew() -> None:
    """A number of pages that is known only after the first pass makes all pages be laid out again."""
    text = '<p>See page <a href="#z" class="to">{}</a>.</p>' + body(30) + '<p id="z">End.</p>'
    counted = pages_of(text.format(""), ".to::before { content: target-counter(attr(href), page) }")
    given = pages_of(text.format(len(counted)))
    assert [lines_of(page) for page in counted] == [lines_of(page) for page in given]


def test_notes_stay_with_their_calls() -> None:
    note = '<a class="call" href="#n{0}">{0}</a><aside class="note" id="n{0}"><p>A note of some words.</p></aside></p>'
    parts = body(40).split("</p>")[:-1]
    text = "".join(part + (note.format(turn) if turn % 3 == 0 else "</p>") for turn, part in enumerate(parts))
    pages = pages_of(text, "aside.note { font-size: 8px; line-height: 10px }")
    assert sum(len(tally(page)[0]) for page in pages) == 14
    for page in pages:
        calls, printed = tally(page)
        assert list(calls) == [part.id for part in printed if not part.continued]


def test_a_page_ends_a_line_earlier_where_nothing_else_helps(
    as_they_come: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_ends.PageEndsMixin, "_changes", lambda *_: [])
    made = [lines_of(page) for page in pages_of(body(240))]
    assert hyphens(made) < hyphens(as_they_come)
    assert empty(made) > empty(as_they_come)
    assert plain(made) == plain(as_they_come)


def test_spaces_take_empty_lines_before_paragraphs_do() -> None:
    parts = body(240).split("</p>")
    text = "</p>".join(
        part + ('</p><p class="head">Head' if turn % 3 == 2 else "") for turn, part in enumerate(parts)
    )

    def full(stretch: int) -> float:
        """The part of the pages that end at the foot."""
        style = f".head {{ margin-top: 14px; break-after: avoid }} html {{ --page-depth-stretch: {stretch} }}"
        bottoms = [
            max(line.position_y + line.height for line in page_ends._lines(page.children[0]))
            for page in pages_of(text, style)[:-1]
        ]
        return sum(bottom == pytest.approx(30 + LINES * 14) for bottom in bottoms) / len(bottoms)

    assert full(1) > max(0.85, 1.1 * full(0))


def test_rows_at_the_foot_of_a_page_are_not_empty_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """A paragraph that is made longer to fill the page would send them to the next one."""
    costs: list[float] = []
    cost_of = page_ends._cost
    monkeypatch.setattr(page_ends, "_cost", lambda end: costs.append(cost_of(end)) or 0.0)
    table = "<table>" + "<tr><td>One</td></tr>" * 3 + "</table>"
    text = f"<p>{TALE}</p><p>{TALE * 2}</p>" + table + f"<p>{TALE * 4}</p>"
    first = pages_of(text, "table { border-spacing: 0 } td { padding: 0 } @page { size: 380px 326px }")[0]
    assert sum(box.element_tag == "tr" for box in first.descendants()) == 1
    assert costs[0] == 0
