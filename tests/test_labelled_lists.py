"""Lists whose items carry labels of their own, in finished books: beside the first line, never parted from it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from reading import Line, ReadPage, read_pdf
from specimen import STYLE, edition_of, pdf_of, typeset
from structure_tree import StructureTree

from edition import pipeline
from edition.typeset import engine

STYLES = ("reading", "frus", "documentary", "large-print", "pocket")
SENTENCE = "The company shall repair the piers within two years and keep them in repair at its own cost. "
LIST = f"""
(1)
: First {SENTENCE * 3}

[Page 68] (6)
: Second {SENTENCE * 2}

(*b*)[^1]
: Third {SENTENCE * 2}

  Further {SENTENCE * 2}

XVIII.
: Fourth {SENTENCE * 2}

Master of the harbour
: Fifth {SENTENCE * 2}

[^1]: A note of the label.
"""
LABELS = ("(1)First", "(6)Second", "(b)1Third", "XVIII.Fourth", "MasteroftheharbourFifth")


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function that makes the book of one document; each is made once for all tests of a process."""

    @cache
    def book(text: str, style: str = "reading", mode: str = "inline") -> pipeline.Built:
        volume = f"style: {style}\noriginal-pages: {mode}\n"
        folder = edition_of(tmp_path_factory.mktemp("labels"), text, volume, start_page="67")
        return pipeline.build(folder, folder / "out")

    return book


def line_of(pages: list[ReadPage], words: str) -> Line:
    """The line that has some words, white space left out."""
    (found,) = [line for page in pages for line in page.lines if words in line.text.replace(" ", "")]
    return found


def left_of(line: Line, words: str) -> float:
    at = line.text.index(words)
    return line.characters[at].x


@pytest.mark.parametrize("style", STYLES)
def test_a_label_stands_on_the_first_line_of_its_text(build: Any, style: str) -> None:
    pages = read_pdf(build(LIST, style).pdf)
    first, further = line_of(pages, "(1)First"), line_of(pages, "Further")
    text = left_of(first, "First")
    size = first.characters[0].size
    assert text - first.left > 2 * size
    assert left_of(line_of(pages, "XVIII.Fourth"), "Fourth") == pytest.approx(text, abs=0.2)
    assert further.left >= text - 0.2
    long = line_of(pages, "MasteroftheharbourFifth")
    assert long.left == pytest.approx(first.left, abs=0.5)
    assert left_of(long, "Fifth") > text + 3 * size


@pytest.mark.parametrize("style", STYLES)
def test_a_mark_of_an_original_page_stands_before_its_label_in_one_line(build: Any, style: str) -> None:
    pages = read_pdf(build(LIST, style).pdf)
    line = line_of(pages, "[Page68](6)Second")
    assert line.left == pytest.approx(line_of(pages, "(1)First").left, abs=0.5)


def test_a_mark_in_the_margin_leaves_the_label_where_it_is(build: Any) -> None:
    (page,) = read_pdf(build(LIST, "reading", "margin").pdf)
    first, marked = line_of([page], "(1)First"), line_of([page], "(6)Second")
    left = left_of(first, "(1)")
    assert left_of(marked, "(6)") == pytest.approx(left, abs=0.1)
    beside = [char for char in page.characters if abs(char.y - marked.baseline) < 2 and char.text.strip()]
    assert [char.text for char in beside if char.x < left or char.x > left + 324] == ["6", "8"]


@pytest.mark.parametrize("lines", range(28, 39))
def test_label_and_text_are_never_parted_and_no_line_of_an_item_is_alone(build: Any, lines: int) -> None:
    before = "\n\n".join(f"Paragraph {number}." for number in range(lines))
    words = " ".join(f"word{number}" for number in range(100, 140))
    pages = read_pdf(build(f"{before}\n\n(*a*)\n: {words}\n").pdf)
    assert "(a)word100" in "".join("".join(page.text.split()) for page in pages)
    counts = [sum("word" in line.text for line in page.lines) for page in pages]
    assert 1 not in counts
    assert len([count for count in counts if count]) == (2 if 31 <= lines < 35 else 1)


@pytest.mark.parametrize("lines", range(30, 37))
@pytest.mark.parametrize("label", ["(*a*)", "[Page 68] (*a*)"])
def test_a_head_is_not_left_alone_above_a_list(build: Any, lines: int, label: str) -> None:
    before = "\n\n".join(f"Paragraph {number}." for number in range(lines))
    pages = read_pdf(build(f"{before}\n\n# A Head\n\n{label}\n: Begin {SENTENCE * 3}\n").pdf)
    (page,) = [page for page in pages if "Begin" in page.text]
    assert "a head" in page.text.lower()


def test_an_item_fills_the_page_and_goes_on(build: Any) -> None:
    pages = read_pdf(build(f"Before.\n\n(*a*)\n: Begin {SENTENCE * 60} the end.\n\nAfter.\n").pdf)
    assert len(pages) == 3
    for page in pages[:2]:
        assert max(line.baseline for line in page.lines if len(line.text) > 30) > 61 + 36 * 13.5


def test_a_label_as_long_as_a_line_stands_above_its_text(build: Any) -> None:
    label = "The master of the harbour and of all the lights from here to the sound, with his deputy and the men"
    (page,) = read_pdf(build(f"{label}\n: Text.\n\n(2)\n:\n\n(3)\n: Third.\n\nAfter.\n").pdf)
    first, second, text, *rest = [line for line in page.lines if 80 < line.baseline < 500]
    assert first.left == pytest.approx(second.left, abs=0.5)
    assert second.baseline < text.baseline
    assert [line.text for line in (text, *rest)] == ["Text.", "(2)", "(3)Third.", "After."]


def test_labels_are_read_and_copied_out_in_their_turn(build: Any) -> None:
    built = build(LIST)
    text = "".join(read_pdf(built.pdf)[0].text.split())
    turns = [text.index(words) for words in LABELS]
    assert turns == sorted(turns)
    items = list(StructureTree(built.pdf.read_bytes()).document.all("LI"))
    assert [[kid.role for kid in item.kids] for item in items] == [["Lbl", "LBody"]] * 5


def test_the_engine_by_itself_draws_all_labels_before_the_text() -> None:
    """What `item_labels` is there for: the day the engine draws them in their turn, it can go."""
    body = "".join(
        f'<ul class="labelled"><li><span class="label">({name})</span><div class="body"><p>Item {name}.</p></div></li></ul>'
        for name in "ab"
    )

    def drawn(folder: Path) -> str:
        (folder / "labels.pdf").write_bytes(pdf_of(typeset(body, STYLE)))
        return "".join(read_pdf(folder / "labels.pdf")[0].text.split())

    with TemporaryDirectory() as folder:
        assert "(a)Itema.(b)Itemb." in drawn(Path(folder))
        with engine.without("weasyprint.stacking._dispatch_children"):
            assert "(a)(b)Itema.Itemb." in drawn(Path(folder))


def test_lines_beside_labels_are_planned(build: Any) -> None:
    assert not build(LIST).pages.lines.unplanned
