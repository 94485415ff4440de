"""The book in fragments: like one run of the engine, whatever a style asks for, and made again only where it changed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings

from edition import manuscript
from edition.assemble import assemble
from edition.cache import Memory
from edition.model import (
    Document,
    Edition,
    Entry,
    Generated,
    Note,
    NoteCall,
    OriginalPages,
    Paragraph,
    StyleChoice,
    Text,
)
from edition.pages import PagedEdition
from edition.proof.reader import read_pages
from edition.render import render
from edition.resolve import resolve
from edition.styles import Sheet, Style, load_style, style_names
from edition.typeset import Typesetting
from edition.typeset.fragments.cutting import trouble_with_fragments
from edition.typeset.fragments.outline import outline_of, skeleton
from tests.editing import Step, chapter, document, edited, steps, text, with_text
from tests.typeset.agreement import Spot, differences, unlike, unlike_books

EDITIONS = Path(__file__).parents[1] / "editions"


def book(*chapters: Entry, style: str = "reading", **others: object) -> Edition:
    contents = (Generated("title-page"), Generated("contents"), *chapters)
    return replace(Edition("A Book", contents, style=StyleChoice(style)), **others)  # type: ignore[arg-type]


def style_of(edition: Edition, css: str = "") -> Style:
    style = load_style(edition.style, Path())
    return replace(style, sheets=(*style.sheets, Sheet(Path("more.css"), css))) if css else style


def laid_out(edition: Edition, cache: Memory, jobs: int = 1, css: str = "") -> tuple[bytes, int, PagedEdition]:
    """The finished PDF, how many fragments were laid out for it, and the pages."""
    resolved = resolve(edition)
    with Typesetting(style_of(edition, css), Path(), cache, jobs) as setting:
        paged = setting.pages_of(render(resolved))
        return assemble(resolved, paged, cache=cache), setting.anew, paged


THREE = book(*(chapter(number, document(number, 300), document(number + 10, 200)) for number in (1, 2, 3)))


# Like one run of the engine


@pytest.mark.parametrize("mode", get_args(OriginalPages))
@pytest.mark.parametrize("name", ["quay", "constructs", "apparatus"])
def test_editions_are_as_in_one_run(name: str, mode: OriginalPages) -> None:
    folder = EDITIONS / name
    edition = replace(manuscript.load(folder)[0], original_pages=mode)
    assert differences(edition, load_style(edition.style, folder), folder) == []


@pytest.mark.parametrize("style", style_names(EDITIONS))
def test_chapters_are_as_in_one_run_in_every_style(style: str) -> None:
    edition = replace(THREE, style=StyleChoice(style))
    assert not trouble_with_fragments(style_of(edition).sheets)
    assert differences(edition, style_of(edition), Path()) == []


def test_what_is_unlike_is_seen() -> None:
    before, after = (laid_out(edition, Memory())[2] for edition in (THREE, with_text(THREE, "d2", text(2, 250))))
    kinds = {told.split()[0] for told in unlike_books(resolve(THREE), before, after)}
    assert kinds == {"page", "anchors", "destinations", "outline", "structure"}
    assert not list(unlike_books(resolve(THREE), before, before))


def test_places_may_differ_by_the_rounding_of_a_digit() -> None:
    one, same, other = Spot("word", (1.0, 2.01)), Spot("word", (1.01, 2.01)), Spot("word", (1.02, 2.01))
    assert unlike([one], [same]) == ([], [])
    assert unlike([one], [other]) == ([one], [other])
    assert unlike([one, one], [same]) == ([one], [])


@pytest.mark.parametrize(
    "css",
    [
        "@page { @bottom-left { content: counter(page) ' of ' counter(pages) } }",
        "@page chapter { @bottom-right { content: string(chapter, first-except) string(document-title, last) } }"
        " .division > .title { string-set: chapter content() }",
        "@page :first { @top-center { content: 'First' } } @page :blank { @top-center { content: 'Blank' } }",
        "@page :left { @left-middle { content: string(document-title, start) } }",
        "article.document > header > .title { position: running(head) } @page { @bottom-center { content: element(head) } }",
        "@page { @top-center { content: element(head, last) } } .division > .title { position: running(head) }",
        "@page { background: #fee; border-top: 1pt solid red; @left-top { content: 'x'; background: #cde } }",
        "@page :right { margin-left: 90pt; margin-right: 20pt }",
        "@page :left { margin-left: 20pt; margin-right: 120pt }",
        "@page { counter-increment: page 2 } @page chapter { counter-increment: plate; @left-bottom { content: counter(plate) } }",
        "section.chapter { break-before: left }",
        "section.chapter { break-before: auto } section.chapter + section.chapter { break-before: recto }",
        "section.chapter:last-child, section.chapter:first-child { page: other } @page other { margin-top: 30pt }",
        "section.chapter { padding: 40pt 0 300pt; border: 1pt solid; margin-top: 30pt } main { padding-top: 20pt }",
        ".title-page { break-after: left }",
        "body { background: #eef } main { margin-left: 12pt }",
        "article.document { margin-break: discard; margin-top: 60pt } section.chapter > .title { display: none }",
        "@page { size: 5in 8in } @page chapter { size: 8in 5in }",
        "@page { bleed: 9pt; marks: crop } @page :right { margin-left: 60pt }",
        "main::before { content: 'Start' } main::after { content: 'End' } body::before { content: 'Before all' }",
        "main { columns: 2 }",
        "main { display: flex; flex-direction: column }",
    ],
)
def test_whatever_a_style_asks_of_pages_is_as_in_one_run(css: str) -> None:
    assert differences(THREE, style_of(THREE, css), Path()) == []


@pytest.mark.parametrize("words", [700, 2000])
def test_a_note_too_long_for_the_end_of_its_chapter(words: int) -> None:
    """It ends on pages of its own before the next chapter begins, in one run as well."""
    called = Paragraph((Text("Called here"), NoteCall("1"), Text(" at the end.")))
    note = Note("1", (Paragraph((Text(text(5, words)),)),))
    edition = book(chapter(1, Document("d1", (Text("Letter"),), (called,), (note,))), chapter(2, document(2)))
    assert differences(edition, style_of(edition), Path()) == []


@pytest.mark.parametrize(
    ("css", "reason"),
    [
        (".title { counter-increment: head }", "counters of its own"),
        (".x::after { content: target-text(attr(href)) }", "texts of other places"),
        (".x::after { content: target-counter(attr(href), head) }", "counters of other places"),
        (".x::after { content: counter(page) }", "page numbers in the text"),
        (".x { position: fixed }", "what stands on every page"),
        (".x { Position:FIXED }", "what stands on every page"),
        (".x::footnote-call { content: counter(footnote) }", "notes that are counted"),
        (".x { display: block list-item }", "items that are numbered"),
        (".x::before { content: open-quote }", "quotes by their depth"),
        ("main:has(.x) { color: red }", "`:has()`"),
        (".x { width: 20vw }", "lengths by the first page's size"),
        ("@page :nth(2) { margin: 0 }", "pages by their number"),
        ("@page :nth(2n of chapter) { margin: 0 }", "pages by their number"),
        ("@page :nth(1 of chapter) { @top-left { content: counter(page) } }", ""),
        (".x::after { content: target-counter(attr(href), page) } /* counter-increment: x */", ""),
    ],
)
def test_styles_whose_chapters_do_not_stand_by_themselves(css: str, reason: str) -> None:
    assert trouble_with_fragments([Sheet(Path("x.css"), css)]) == reason


def test_such_a_book_is_one_fragment() -> None:
    css = ".division > .title::before { counter-increment: head; content: counter(head) ' ' }"
    assert len(laid_out(THREE, Memory(), css=css)[2].parts) == 1
    assert differences(THREE, style_of(THREE, css), Path()) == []


def test_numbers_in_the_contents_are_those_of_the_pages() -> None:
    """One run of the engine prints what the text makes of the counter `page`, which no folio follows."""
    paged = laid_out(THREE, Memory(), css="section.chapter { counter-set: page 7 }")[2]
    assert paged.first_pages()["ch1"].folio == "1"
    contents = read_pages(assemble(resolve(THREE), paged))[2]
    assert "7" not in [piece.text for piece in contents.pieces]


def test_where_a_book_is_cut() -> None:
    _, _, paged = laid_out(THREE, Memory())
    assert len(paged.parts) == 5  # title page, contents, three chapters
    assert [page.index for page in paged.pages if page.blank] == [
        1,
        3,
    ]  # the contents and the text begin on rectos


def test_the_skeleton_has_no_text_of_documents() -> None:
    html = render(resolve(THREE))
    bones = skeleton(html, outline_of(html))
    assert "Letter" not in bones
    assert bones.count("<section") == html.count("<section")


# Made again only where it changed


def test_nothing_is_laid_out_twice() -> None:
    cache = Memory()
    first, anew, _ = laid_out(THREE, cache)
    again, none, _ = laid_out(THREE, cache)
    assert (anew, none) == (5, 0)
    assert first == again


def test_a_word_costs_a_part_of_its_chapter() -> None:
    cache = Memory()
    laid_out(THREE, cache)
    changed = with_text(THREE, "d12", "Another word. " + text(12, 200))
    warm, anew, _ = laid_out(changed, cache)
    assert anew == 1
    assert warm == laid_out(changed, Memory())[0]


def test_a_page_more_costs_its_chapter_alone() -> None:
    """The numbers that the contents print are others, of as many figures."""
    cache = Memory()
    before = laid_out(THREE, cache)[2]
    changed = with_text(THREE, "d1", text(1, 900))
    warm, anew, after = laid_out(changed, cache)
    assert len(after.pages) > len(before.pages)
    assert anew == sum(part.html.count('id="ch1"') + ('id="d11"' in part.html) for part in after.parts)
    assert warm == laid_out(changed, Memory())[0]


@pytest.mark.parametrize("mode", ["inline", "margin"])
def test_any_number_of_jobs_gives_the_same_bytes(mode: OriginalPages) -> None:
    edition = replace(THREE, original_pages=mode)
    assert laid_out(edition, Memory(), 1)[0] == laid_out(edition, Memory(), 3)[0]


def test_a_picture_that_changed_is_seen(tmp_path: Path) -> None:
    folder = shutil.copytree(EDITIONS / "quay", tmp_path / "quay")
    edition, _ = manuscript.load(folder)
    cache = Memory()

    def anew() -> int:
        with Typesetting(load_style(edition.style, folder), folder, cache) as setting:
            setting.pages_of(render(resolve(edition)))
            return setting.anew

    assert anew() > 1
    assert anew() == 0
    picture = folder / "quay.svg"
    picture.write_text(picture.read_text().replace("<svg ", '<svg opacity=".5" '))
    assert anew() == 1


@settings(max_examples=8)
@given(steps())
def test_whatever_is_edited_the_cache_changes_no_byte(sequence: Sequence[Step]) -> None:
    edition, cache = THREE, Memory()
    laid_out(edition, cache)
    for step in sequence:
        edition = edited(edition, step)
        warm = laid_out(edition, cache)[0]
    assert warm == laid_out(edition, Memory())[0]
