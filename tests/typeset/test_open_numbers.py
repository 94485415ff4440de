"""Page numbers that are left open in a drawing: written out, they are what a layout with them gives."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from edition.cache import Memory
from edition.drawings import Drawing
from edition.model import Edition
from edition.render import render
from edition.resolve import resolve
from edition.styles import Style
from edition.typeset import Typesetting, book
from edition.typeset.fragments import laying
from edition.typeset.fragments.laid import LayTask, Made, Start
from edition.typeset.fragments.open_numbers import Opened
from edition.typeset.typesetter import Typesetter
from tests.typeset.test_fragments import THREE, laid_out, style_of, text, with_text

CONTENTS = """<html><body><nav class="contents"><ol>
<li><a href="#a">One</a></li><li><a href="#b">Two, and more of it</a></li><li><a href="#c">Three</a></li>
</ol></nav><p>See <a class="new-page" href="#a">there</a>, and <a href="#b">there</a>; all in a line or two of text, so
that something has to be broken, and <a class="new-page" href="#c" data-since="#a">there</a> as well.</p></body></html>"""


def made(style: Style, numbers: Mapping[str, int], html: str = CONTENTS) -> Made:
    with Typesetter(style, Path()) as typesetter:
        _, (whole,) = typesetter.lay_out(LayTask(html, Start(), numbers))
        return whole


def streams(drawing: Drawing, numbers: tuple[int, ...] = ()) -> list[bytes | None]:
    return [drawing.object(number, numbers).data for number in range(len(drawing.objects))]


def test_written_out_they_are_as_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    style = style_of(THREE)
    numbers = {"a": 304, "b": 77, "c": 111}
    open_ = made(style, numbers)
    assert open_.laid.open_numbers == ("b",)  # a and c have a part in a span, whose end is shortened
    assert open_.drawing.open_streams
    monkeypatch.setattr(laying, "leave_open", lambda *_: Opened())
    assert streams(open_.drawing, (77,)) == streams(made(style, numbers).drawing)
    assert streams(open_.drawing, (18,)) == streams(made(style, {**numbers, "b": 18}).drawing)


def test_any_number_of_as_many_figures_gives_the_same_drawing() -> None:
    style = style_of(THREE)
    html = CONTENTS.replace(' data-since="#a"', "")
    one, other = (made(style, dict(zip("abc", its, strict=True)), html) for its in ((304, 77, 1), (999, 10, 8)))
    assert one == other
    assert one.laid.open_numbers == ("a", "b", "c")


@pytest.mark.parametrize(
    "css",
    [
        "nav.contents a::after { content: target-counter(attr(href), page, lower-roman) }",
        "nav.contents a::after { letter-spacing: 2px }",
        "nav.contents a::after { content: '1' target-counter(attr(href), page) }",
        "nav.contents a::after { text-decoration: underline }",
        "nav.contents a::after { visibility: hidden }",
        "nav.contents a { string-set: last content(after) }",
    ],
)
def test_what_is_not_sure_is_not_left_open(css: str) -> None:
    laid = made(style_of(THREE, css), {"a": 304, "b": 77, "c": 111}).laid
    assert laid.open_numbers == ()
    assert laid.numbers == {"a": 304, "b": 77, "c": 111}


def test_figures_of_several_widths_are_not_left_open() -> None:
    edition = with_style("documentary")
    laid = made(style_of(edition), {"a": 304, "b": 77, "c": 111}).laid
    assert laid.open_numbers == ()
    tabular = "nav.contents a::after { font-variant-numeric: tabular-nums }"
    assert made(style_of(edition, tabular), {"a": 304, "b": 77, "c": 111}).laid.open_numbers == ("b",)


def with_style(name: str) -> Edition:
    from tests.typeset.test_fragments import book, chapter, document

    return book(*(chapter(number, document(number, 300)) for number in (1, 2, 3)), style=name)


def test_a_number_that_gets_longer_is_laid_out_anew() -> None:
    """The third chapter moves from page 9 or less to page 10 or more."""
    cache = Memory()
    before = laid_out(THREE, cache)[2]
    changed = with_text(THREE, "d1", text(1, 3000))
    warm, anew, after = laid_out(changed, cache)
    numbers = [next(page for page in paged.pages if "ch3" in page.anchors).folio for paged in (before, after)]
    assert [len(number) for number in numbers] == [1, 2]
    assert anew == 2
    assert warm == laid_out(changed, Memory())[0]


def test_what_is_known_of_a_fragment_holds_for_other_numbers() -> None:
    cache = Memory()
    edition = THREE
    for length in (300, 900, 300, 950):
        edition = with_text(edition, "d1", text(1, length))
        assert laid_out(edition, cache)[0] == laid_out(edition, Memory())[0]
    with Typesetting(style_of(edition), Path(), cache) as setting:
        setting.pages_of(render(resolve(edition)))
        assert setting.anew == 0


def test_numbers_that_do_not_settle_are_the_last_there_was_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages of the contents move the third chapter to page 10 or later, and they are not laid out again."""
    monkeypatch.setattr(book, "ROUNDS", 0)
    edition = with_text(THREE, "d1", text(1, 1500))
    paged = laid_out(edition, Memory(), css="@page :nth(1 of main) { counter-reset: none }")[2]
    assert "T021" in {finding.code for finding in paged.findings}
    (contents,) = (placed for placed in paged.placed if placed.page_numbers)
    assert contents.page_numbers[-1] == 9
