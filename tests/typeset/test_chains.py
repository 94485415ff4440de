"""Stretches as chains of fragments: where a page ends before a document, as if the rest were a book of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from edition.cache import Memory
from edition.findings import EditionError
from edition.model import Edition, OriginalPage, OriginalPages, StyleChoice
from edition.pages import PagedEdition
from edition.render import render
from edition.resolve import resolve
from edition.styles import Sheet, load_style, style_names
from edition.typeset import Typesetting, engine
from edition.typeset.fragments import chain
from edition.typeset.fragments.cutting import counts_pages, looks_far
from edition.typeset.fragments.outline import outline_of
from edition.typeset.fragments.stretch import Stretch
from edition.typeset.typesetter import Typesetter
from tests.editing import Step, chapter, document, edited, text, with_document, with_text
from tests.typeset.agreement import differences
from tests.typeset.test_fragments import EDITIONS, book, laid_out, style_of

LENGTHS = (90, 310, 180, 140, 260, 75, 330, 210, 150, 190, 280, 120, 240, 170, 60, 350, 230, 110, 200, 160)
LONG = book(
    chapter(1, *(document(number, length) for number, length in enumerate(LENGTHS, 1))),
    chapter(2, *(document(number, length) for number, length in enumerate(reversed(LENGTHS), 31))),
)
MANY = book(chapter(1, *(document(number, 30 + number * 37 % 150) for number in range(1, 60))))


def begins(paged: PagedEdition) -> list[str]:
    """The documents that fragments in the middle of a chapter begin with."""
    pattern = re.compile(
        r'<section class="division chapter" data-continues="".*?<article class="document" id="(\w+)"', re.S
    )
    return [found[1] for part in paged.parts if (found := pattern.search(part.html))]


def fragments(edition: Edition, cache: Memory, css: str = "") -> tuple[PagedEdition, int, list[str]]:
    """The pages, how many fragments were laid out, and the keys of all."""
    with Typesetting(style_of(edition, css), Path(), cache) as setting:
        paged = setting.pages_of(render(resolve(edition)))
        return paged, setting.anew, [part.key for part in paged.parts]


# Like one run of the engine


@pytest.mark.parametrize("mode", ["inline", "margin"])
@pytest.mark.parametrize(
    "css",
    [
        "",
        "article.document { margin-break: auto; margin-top: 30pt } section { page: auto } main, section.chapter { page: auto }",
        "article.document { margin-break: discard; margin-top: 30pt }",
        "article.document { margin-break: keep; margin-top: 30pt; padding-top: 8pt; border-top: 1pt solid }",
        "section.chapter { padding: 12pt; border: 2pt solid; margin: 9pt 0 } main { background: #eef }",
        "article.document + article.document { padding-top: 20pt } article.document:first-of-type { color: red }",
        "article.document > p::first-letter { float: left; font-size: 3em; line-height: 1 }",
        "article.document { break-inside: avoid }",
        "article.document { break-before: page } article.document > header { float: left; width: 80pt }",
        "section.chapter { box-decoration-break: clone; border: 3pt solid }",
        "section.chapter::first-line { font-variant-caps: small-caps }",
        "section.chapter { columns: 2 }",
        "@page :right { margin-left: 90pt; margin-right: 20pt } @page { @top-center { content: string(document-title, start) } }",
    ],
)
def test_long_chapters_are_as_in_one_run(css: str, mode: OriginalPages) -> None:
    assert differences(replace(LONG, original_pages=mode), style_of(LONG, css), Path()) == []


def test_a_long_chapter_is_several_fragments() -> None:
    paged, anew, _ = fragments(LONG, Memory())
    assert anew == len(paged.parts) > 8
    assert begins(paged)
    for part in paged.parts:
        assert part.html.count("<article") == part.html.count("</article")


def test_notes_that_go_on_keep_fragments_together() -> None:
    """No fragment ends where a note goes on over the page."""
    edition = with_notes(LONG)
    assert differences(edition, style_of(edition), Path()) == []


def with_notes(edition: Edition) -> Edition:
    step: list[Step] = [("note", which, 40 * which) for which in range(1, 6)]
    for one in step * 4:
        edition = edited(edition, one)
    return edition


# Found again


def test_a_word_costs_one_fragment_where_no_page_ends_elsewhere() -> None:
    cache = Memory()
    _, _, before = fragments(LONG, cache)
    changed = with_text(LONG, "d9", "Wharf " + text(9, LENGTHS[8]))
    _, anew, after = fragments(changed, cache)
    assert 0 < anew <= 2
    assert len(set(before) - set(after)) <= anew + 1  # the contents may have another number


def test_a_page_more_is_caught_up_with() -> None:
    """Where a page begins as it did before, all that follows is as it was."""
    cache = Memory()
    fragments(LONG, cache)
    changed = with_text(LONG, "d2", text(2, 310 + 330))
    paged, anew, _ = fragments(changed, cache)
    assert anew < len(paged.parts) / 2
    assert laid_out(changed, cache)[0] == laid_out(changed, Memory())[0]


def test_what_follows_a_fragment_is_looked_at() -> None:
    """A head that is one line longer is kept with its text: the page before it may end otherwise."""
    cache = Memory()
    paged, _, _ = fragments(LONG, cache)
    name = begins(paged)[0]
    for words in (1, 2, 3, 40):
        changed = with_text(LONG, name, text(7, words))
        assert laid_out(changed, cache)[0] == laid_out(changed, Memory())[0]


def test_little_is_looked_at_beyond_the_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is laid out anew ends soon after the first places where a page may begin as before."""
    cache = Memory()
    fragments(MANY, cache)
    made: list[str] = []
    html_from = engine.html_from
    monkeypatch.setattr(engine, "html_from", lambda html, *rest: made.append(html) or html_from(html, *rest))
    fragments(with_text(MANY, "d2", "Wharf " + text(2, 104)), cache)
    texts = [html for html in made if "Wharf" in html]
    assert len(texts) == 1
    assert 'id="d2"' in texts[0]
    assert 'id="d59"' not in texts[0]


def test_places_that_are_not_reached_are_looked_for_further_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "LOOKS_FOR", 1)
    monkeypatch.setattr(chain, "LOOKS_FURTHER", 2)
    cache = Memory()
    fragments(LONG, cache)
    for words in (20, 60, 100, 140):
        changed = with_text(LONG, "d1", text(1, words))
        assert laid_out(changed, cache)[0] == laid_out(changed, Memory())[0]


def test_a_drawing_that_is_gone_is_made_again() -> None:
    cache = Memory()
    content, _, _ = laid_out(LONG, cache)
    for name in [name for name in cache.entries if name.endswith(("-drawing", "-labels", "-block"))]:
        del cache.entries[name]
    again, anew, _ = laid_out(LONG, cache)
    assert anew == 0
    assert again == content


def test_what_the_engine_complains_of_is_of_the_whole_stretch(tmp_path: Path) -> None:
    """It cannot be said of which fragment: so the stretch is one until it is mended, and found nothing of after that."""
    html, cache = render(resolve(LONG)), Memory()
    html = html.replace("Letter 7</h2>", 'Letter 7 <img src="sign.svg" alt="A sign"/></h2>')

    def parts() -> int:
        with Typesetting(style_of(LONG), tmp_path, cache) as setting:
            return len(setting.pages_of(html).parts)

    for _ in range(2):
        with pytest.raises(EditionError, match=r"sign\.svg"):
            parts()
    (tmp_path / "sign.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    assert parts() == parts() > 8


# Stretches


def test_fragments_of_a_stretch_have_all_of_it() -> None:
    html = render(resolve(LONG))
    stretch = Stretch(html)
    places = [0, *(place for place in sorted(stretch.begins)[3:-1:4]), stretch.end]
    pieces = [stretch.fragment(start, end) for start, end in pairwise(places)]
    for (start, end), piece in zip(pairwise(places), pieces, strict=True):
        assert outline_of(piece, documents=True)
        engine.root_of(piece)
        engine.root_of(stretch.from_to(start, end))
        inside = html[start:end].partition("</header>")[2].rpartition("<header>")[0]
        assert inside in piece


def test_nothing_begins_before_what_is_of_the_division_itself() -> None:
    """Its fragment would be past when it comes."""
    html = '<html><head/><body><main><section class="division" id="a">{}{}</section></main></body></html>'
    article = '<article class="document" id="{}"><p>Letter.</p></article>'
    assert len(Stretch(html.format(article.format("x") + article.format("y"), "")).begins) == 3
    assert len(Stretch(html.format(article.format("x") + article.format("y"), "<p>End.</p>")).begins) == 1


@pytest.mark.parametrize("style", style_names(EDITIONS))
def test_every_style_of_ours_lets_chapters_be_divided(style: str) -> None:
    assert not looks_far(load_style(StyleChoice(style), Path()).sheets)


@pytest.mark.parametrize(
    ("css", "far"),
    [
        ("article:nth-child(2) { color: red }", False),
        ("article:nth-child(4), article:nth-child(odd) { color: red }", True),
        ("tr:hover > .x:nth-of-type(2n) { color: red }", True),
        ("article ~ article { color: red }", True),
        ("p:first-of-type { color: red }", True),
        ("@page :nth(1 of main) { margin: 0 } article:first-child + p { color: red }", False),
        ("tbody > tr:nth-last-child(-n+2):not(.long), LI:Nth-Child(2) { color: red }", False),
        ("/* article:nth-child(2) */ [title~=x] { color: red }", False),
    ],
)
def test_what_counts_its_neighbours(css: str, far: bool) -> None:
    """Rows and items are in one fragment with all of theirs."""
    assert looks_far([Sheet(Path("more.css"), css)]) is far


@pytest.mark.parametrize(
    ("css", "told"),
    [
        ("@page { @top-left { content: counter(/* of all */ PAGES) } }", True),
        ("/* pages */ x { content: string(original-pages); --left-pages: 1 }", False),
    ],
)
def test_what_says_how_many_pages_there_are(css: str, told: bool) -> None:
    assert counts_pages([Sheet(Path("more.css"), css)]) is told


def test_pages_furnished_meanwhile_are_those_that_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the contents are laid out the text's pages are furnished; but for its first ones none is furnished twice."""
    furnished: list[object] = []
    furnish = Typesetter.furnish
    monkeypatch.setattr(Typesetter, "furnish", lambda it, *task: furnished.append(task) or furnish(it, *task))
    of_page = replace(next(iter(LONG.documents)), start_page=OriginalPage("7"))
    paged, _, _ = fragments(with_document(LONG, of_page), Memory())
    assert len(paged.parts) <= len(furnished) <= len(paged.parts) + 1
