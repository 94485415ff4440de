"""Drop capitals and other first letters: text of their element, beside the rest of it, on pages laid out again, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from weasyprint import CSS
from weasyprint.formatting_structure import boxes

from edition import manuscript, pipeline
from edition.typeset import base_css, engine
from tests.editing import chapter, document
from tests.specimen import TALE
from tests.typeset.test_fragments import book

STYLE = """
@page { size: 320px 300px; margin: 30px } body, p { margin: 0 } p { text-indent: 0 }
html { font: 11px/14px "Linux Libertine O"; text-align: justify; --lines: full }
"""
DROPPED = "p::first-letter { float: left; font-size: 40px; line-height: 42px; margin-right: 2px }"
ASKING = '<p>See page <a href="#z" class="to"></a>.</p>'
"""Its number is known only after the first pass, so that all pages are laid out again."""
COUNTED = ".to::before { content: target-counter(attr(href), page) }"


def document_of(body: str, *styles: str) -> Any:
    engine.install()
    html = engine.html_from(f'<html lang="en"><body>{body}</body></html>', "")
    return html.render(stylesheets=[CSS(string=text) for text in (base_css(), STYLE, *styles)])


def texts(document: Any) -> list[tuple[str, float, float]]:
    """The text boxes, with where they begin and end."""
    return [
        (box.text, box.position_x, box.position_x + box.width)
        for page in document.pages
        for box in page._page_box.descendants()
        if isinstance(box, boxes.TextBox)
    ]


@pytest.mark.parametrize("mode", ["off", "full"])
def test_what_follows_a_float_in_a_line_stands_beside_it(mode: str) -> None:
    style = "p > span { float: left; font-size: 30px; line-height: 28px }"
    found = texts(document_of(f"<p>One two <span>X</span>{TALE}</p>", style, f"html {{ --lines: {mode} }}"))
    (_, _, end), (before, begin, middle), (_, after, _) = sorted(found[:3], key=lambda text: text[1])
    assert before == "One two "
    assert begin == pytest.approx(end, abs=0.01)
    assert after == pytest.approx(middle, abs=0.01)


@pytest.mark.parametrize("style", [DROPPED, "p::first-letter { font-size: 20px; padding-right: 5px }"])
def test_a_first_letter_is_the_same_on_a_page_that_is_laid_out_again(style: str) -> None:
    body = ASKING + f"<p>{TALE * 2}</p>" + '<p id="z">End.</p>'
    again = document_of(body, COUNTED, style)
    once = document_of(body.replace("></a>", f">{len(again.pages)}</a>"), style)
    assert texts(once) == texts(again)


def test_the_engine_makes_a_letter_within_a_letter() -> None:
    body = ASKING + f"<p>{TALE * 2}</p>" + '<p id="z">End.</p>'
    with engine.without("weasyprint.layout.inline.first_letter_to_box"), pytest.raises(AssertionError):
        document_of(body, COUNTED, DROPPED)


def test_drop_capitals_are_read_in_their_turn(tmp_path: Path) -> None:
    assert read(tmp_path).startswith(squeezed(TALE)[:20])
    with engine.without("weasyprint.stacking._dispatch_children"):
        assert not read(tmp_path).startswith(squeezed(TALE)[:20])


def read(folder: Path) -> str:
    """What pdfium reads of two paragraphs with drop capitals, without spaces."""
    path = folder / "letters.pdf"
    document_of(f"<p>{TALE}</p><p>{TALE}</p>", DROPPED).write_pdf(path)
    return squeezed(pypdfium2.PdfDocument(path)[0].get_textpage().get_text_bounded())


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    "css",
    [
        "article.document > p::first-letter { float: left; font-size: 3em; line-height: .9 }",
        "article.document > p::first-letter { font-size: 2em; color: #800 }",
    ],
)
def test_first_letters_are_proven_as_text(css: str, tmp_path: Path) -> None:
    """In a book that is built, each paragraph with one."""
    manuscript.save(book(chapter(1, document(1, 300), document(2, 200))), tmp_path / "edition")
    (tmp_path / "edition" / "style.css").write_text(css)
    built = pipeline.build(tmp_path / "edition", tmp_path / "out")
    assert built.proof.words > 500
    assert not [finding for finding in built.findings if finding.code in ("T107", "T108")]


@pytest.mark.parametrize("mode", ["off", "spaces", "full"])
def test_lines_beside_drop_capitals_end_at_the_measure(mode: str) -> None:
    """Of paragraphs that begin and end at other words each."""
    words = TALE.split()
    body = "".join(f"<p>{' '.join(words[turn:] + words * 2)}</p>" for turn in range(1, 40, 3))
    style = DROPPED + f"html {{ --lines: {mode}; --lines-hanging: 0 }}"
    lines = [
        [box for box in line.children if isinstance(box, boxes.TextBox)]
        for page in document_of(body, style).pages
        for line in page._page_box.descendants()
        if isinstance(line, boxes.LineBox) and len(line.children[-1].text) > 1
    ]
    assert len(lines) > 60
    ends = [texts[-1].position_x + texts[-1].width for texts in lines]
    assert max(ends) < 290.1
    assert sum(end > 289.9 for end in ends) >= len(lines) - 13
