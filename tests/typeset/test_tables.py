"""Tables that are too wide: smaller sizes, turned pages, the finding where nothing helps. As a reader sees them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pikepdf
import pytest
from specimen import edition_of, pdf_of
from weasyprint import CSS
from weasyprint.formatting_structure import boxes

from edition import pipeline
from edition.model import StyleChoice
from edition.pages import PagedEdition
from edition.styles import load_style
from edition.typeset import base_css, engine, typeset_whole
from edition.typeset.tables import fitting, measuring
from edition.typeset.tables.widest import widest_rows
from tests.reading import Line, ReadPage, read_pdf

PROSE = "The quay was long and the days were longer, and the ships lay at anchor in the roads. "
STYLES = ("reading", "frus")
LEFT, RIGHT, TOP, BOTTOM = 49.0, 49.0 + 324, 61.0, 61.0 + 38 * 13.5
"""The text area of a recto in the style `reading`; on a verso it is 10 pt further to the right."""
PIXELS = 4 / 3
"""CSS pixels in a point: sizes are read in them."""


# Books from Markdown, as they are finished


@dataclass(frozen=True)
class Book:
    built: pipeline.Built
    pages: list[ReadPage]

    @property
    def turned(self) -> list[ReadPage]:
        return [page for page, made in zip(self.pages, self.built.pages.pages, strict=True) if made.turned]

    @property
    def upright(self) -> list[ReadPage]:
        return [page for page in self.pages if page not in self.turned]


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function that makes the book of one document; each is made once for all tests of a process."""

    @cache
    def book(text: str, style: str = "reading", mode: str = "inline") -> Book:
        volume = (
            f"title: Tables\nstyle: {style}\noriginal-pages: {mode}\n"
            "contents:\n  - division: chapter\n    id: ch1\n    title: Chapter\n    contents: [documents/d1.md]\n"
        )
        folder = edition_of(tmp_path_factory.mktemp("tables"), text, volume)
        built = pipeline.build(folder, folder / "out")
        return Book(built, read_pdf(built.pdf))

    return book


def table(columns: int, rows: int, note: str = "") -> str:
    """A table in Markdown; in its second row a note is called."""
    head = "| Row | " + " | ".join(f"Gloucester {column}" for column in range(columns)) + " |\n"
    lines = [head, "|---" * (columns + 1) + "|\n"]
    for row in range(rows):
        cells = [
            f"{row}.{column} Gloucester{note if (row, column) == (1, 1) else ''}" for column in range(columns)
        ]
        lines.append(f"| row{row} | " + " | ".join(cells) + " |\n")
    return "".join(lines)


NOTE = "Of the harbour master. " * 8
WIDE = f"{PROSE * 4}\n\n{table(11, 45, '[^1]')}\nAfter it the text goes on. {PROSE * 3}\n\n[^1]: {NOTE}\n"
BROKEN = "::: table {{head=1}}\nThe caption.\n\n- - Head\n{cells}{rows}:::\n\nAfter the table.\n"


def facsimile_table() -> str:
    """A wide table with a break right before it, and two between its rows."""
    cells = "".join(f"  - Gloucester {column}\n" for column in range(11))
    rows = "".join(
        f"- - row{row}\n{cells}" + (f"- [Page {row}]\n" if row in (3, 4) else "") for row in range(1, 7)
    )
    return f"{PROSE}\n\n[Page 2]\n\n" + BROKEN.format(cells=cells, rows=rows)


@pytest.mark.parametrize("style", STYLES)
def test_a_turned_table_is_whole_and_nothing_else_is_odd(build: Any, style: str) -> None:
    book = build(WIDE, style)
    assert book.built.findings == ()
    assert len(book.turned) > 1
    words = "".join(page.text for page in book.turned).replace("\n", " ")
    assert all(f"row{row}" in words for row in range(4))


def test_the_head_of_a_turned_table_stands_above_rows(build: Any) -> None:
    """Rows that keep together do not leave it on a page by itself: such a page holds few of them."""
    heads = (
        "Light", "Keepers", "Character of the light", "Height, feet", "Range, miles", "Oil, gallons", "Cost of oil",
        "Repairs", "Wages", "Total", "Remarks of the inspecting commissioners",
    )  # fmt: skip
    row = ("Farrow Head", "2", "revolving, every half minute", "204", "21", "1,866", "482", "12", "140", "634")
    remark = "In excellent order throughout, but for one pane"
    rows = [f"| {' | '.join((*row, remark))} |" for _ in range(4)]
    book = build("\n".join([f"| {' | '.join(heads)} |", "|---" * len(heads) + "|", *rows]), "large-print")
    assert len(book.turned) > 1
    for page in book.turned:
        assert "Keep" in page.text
        assert "1,866" in page.text


def test_turned_pages_are_shown_as_high_as_the_others_and_turned_left(build: Any) -> None:
    book = build(WIDE)
    with pikepdf.open(book.built.pdf) as pdf:
        rotations = [int(page.obj.get("/Rotate", 0)) for page in pdf.pages]
    assert rotations == [270 if page.turned else 0 for page in book.built.pages.pages]
    assert {(page.width, page.height) for page in book.pages} == {(432, 648)}
    for page in book.turned:
        head, row = line_with(page, "Gloucester1"), table_lines(page)[-1]
        assert head.baseline < row.baseline  # its top is at the left
        first, last = row.characters[0], row.characters[-1]
        assert first.y > last.y  # it is read upward


def test_turned_tables_stand_in_the_text_area_of_rectos_and_versos(build: Any) -> None:
    book = build(WIDE)
    sides = set()
    for page in book.turned:
        recto = int(page.label) % 2 == 1
        sides.add(recto)
        offset = 0 if recto else 10
        drawn = [char for line in table_lines(page) for char in line.characters]
        assert min(char.x for char in drawn) > LEFT + offset
        assert max(char.x for char in drawn) < RIGHT + offset
        assert min(char.y for char in drawn) > TOP
        assert max(char.y for char in drawn) < BOTTOM + 0.1
        assert LEFT + offset < line_with(page, "Gloucester1").baseline < LEFT + offset + 2 * 13.5
    assert sides == {True, False}


def test_heads_and_folios_of_turned_pages_stand_as_on_any_other(build: Any) -> None:
    book = build(PROSE * 150 + "\n\n" + WIDE)
    for title, side in (("Chapter", 0), ("Document", 1)):
        pages = [page for page in book.pages[1:] if int(page.label) % 2 == side]
        places = {page in book.turned: place_in_head(page, title) for page in pages}
        assert set(places) == {True, False}
        assert places[True] == places[False]
    for page in book.turned:
        head = [char for line in page.lines for char in line.characters if char.level and char.y < TOP - 5]
        outer = head[: len(page.label)] if int(page.label) % 2 == 0 else head[-len(page.label) :]
        assert "".join(char.text for char in outer) == page.label
    assert [page.label for page in book.pages] == [str(number) for number in range(1, len(book.pages) + 1)]


def place_in_head(page: ReadPage, title: str) -> tuple[float, float]:
    """Where the running head begins."""
    line = next(line for line in page.lines if title in line.text and line.baseline < TOP)
    first = line.characters[line.text.index(title)]
    return round(first.x, 1), round(first.y, 1)


def test_heads_of_turned_tables_are_repeated(build: Any) -> None:
    assert all("Gloucester10" in line_with(page, "Gloucester10").text for page in build(WIDE).turned)


def test_text_goes_on_after_a_turned_table_and_no_page_is_blank(build: Any) -> None:
    book = build(WIDE)
    after = book.pages[book.pages.index(book.turned[-1]) + 1]
    assert "After it the text goes on." in after.text
    assert not any(page.blank for page in book.built.pages.pages)
    assert all(len(page.text) > 100 for page in book.pages)


def test_a_note_called_in_a_turned_table_stands_under_it(build: Any) -> None:
    book = build(WIDE)
    made = next(page for page in book.built.pages.pages if page.notes)
    assert made.turned
    assert made.calls == ("d1-n1",)
    page = book.pages[made.index]
    note = line_with(page, "harbour master")
    assert all(line.baseline < note.baseline for line in table_lines(page))


def test_breaks_between_rows_begin_turned_pages_in_facsimile_mode(build: Any) -> None:
    book = build(facsimile_table(), mode="facsimile")
    assert [page.label for page in book.turned] == ["2", "3", "4"]
    assert [page.label for page in book.pages] == ["1", "2", "3", "4", "4"]
    assert [f"row{row}" in page.text for page, row in zip(book.turned, (3, 4, 6), strict=True)] == [True] * 3
    assert "4 continued" in book.pages[-1].text


def test_a_break_and_a_head_before_a_turned_table_go_with_it(build: Any) -> None:
    text = facsimile_table().replace("[Page 2]\n", "[Page 2]\n\n# The Head\n")
    book = build(text)
    for words in ("[Page 2]", "ead", "[Page 3]"):
        assert words in book.turned[0].text
    assert len(book.pages) == 3


def test_marks_in_the_margin_of_turned_pages_stand_at_the_foot_by_their_row(build: Any) -> None:
    page = build(facsimile_table(), mode="margin").turned[0]
    marks = {
        line.text: line for line in page.lines if line.text in ("2", "3", "4") and not line.characters[0].level
    }
    assert set(marks) == {"2", "3", "4"}
    assert all(char.y > BOTTOM for mark in marks.values() for char in mark.characters)
    after = next(line for line in table_lines(page) if line.text.startswith("row4"))
    assert marks["3"].baseline == pytest.approx(after.baseline, abs=0.1)


def test_what_cannot_fit_is_told_with_its_place_and_does_not_stick_out(build: Any) -> None:
    book = build(f"{PROSE}\n\n{table(30, 2)}\nAfter it.\n")
    (finding,) = book.built.findings
    assert finding.code == "T030"
    assert (Path(finding.place.path).name, finding.place.line) == ("d1.md", 9)
    assert "a table of 31 columns is" in finding.message
    assert "turned and at its smallest; its words are broken to make it fit" in finding.message
    assert book.turned


@pytest.mark.parametrize(
    "text",
    [
        f"{PROSE}[^1]\n\n[^1]: A table.\n\n" + "".join(f"    {line}\n" for line in table(9, 2).splitlines()),
        "(*a*)\n: An item.\n\n" + "".join(f"  {line}\n" for line in table(8, 2).splitlines()),
        "::: table\n- - Outside\n  - " + "    ".join(table(8, 2).splitlines(keepends=True)) + "\n:::\n",
    ],
    ids=["note", "labelled list", "cell"],
)
def test_what_cannot_be_turned_is_made_smaller(build: Any, text: str) -> None:
    book = build(text)
    assert not {finding.code for finding in book.built.findings} - {"T030"}
    if "Outside" not in text:
        assert not book.turned
    cells = [line.characters[-1].size for page in book.pages for line in page.lines if "Glou" in line.text]
    assert max(cells) < 9.2 * PIXELS


def test_a_word_that_no_line_holds_is_broken_and_the_table_left_as_it_is(build: Any) -> None:
    word = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz", k=150))
    book = build(f"{PROSE}\n\n| Key | Value |\n|---|---|\n| one | {word} |\n| two | {PROSE} |\n")
    assert book.built.findings == ()
    assert not book.turned
    assert word in book.pages[0].text.replace("\n", "").replace(" ", "")
    assert line_with(book.pages[0], "Value").characters[0].size == pytest.approx(9.2 * PIXELS, abs=0.01)


def test_two_languages_side_by_side_over_pages(build: Any) -> None:
    """Both columns go on on the next page, and are read one after the other in the finished file."""
    left = " ".join(f"links{number}" for number in range(700))
    right = " ".join(f"right{number}" for number in range(600))
    text = f"::: table\n- - {left}[^1]\n  - {right}[^2]\n:::\n\nAfter.\n\n[^1]: Note one.\n[^2]: Note two.\n"
    book = build(text)
    assert book.built.findings == ()
    assert len(book.pages) > 2
    for page in book.pages[:2]:
        assert "links" in page.text
        assert "right" in page.text
    assert "After." in book.pages[-1].text


def test_text_after_a_smaller_table_stands_on_the_grid() -> None:
    tables = [
        html_table([["transportation"] * columns] * rows) for columns, rows in ((5, 2), (5, 3), (6, 5), (7, 4))
    ]
    body = "<main><section><p>Text.</p>" + "<p>Text.</p>".join(tables) + "<p>Text.</p></section></main>"

    def offsets() -> set[float]:
        from edition.proof.reader import read_pages

        (page,) = read_pages(pdf_of(lay_out(body)))
        lines = [piece.y for piece in page.pieces if piece.text == "Text."]
        assert len(lines) == 5
        return {round((line - lines[0]) % 13.5, 1) % 13.5 for line in lines}

    assert offsets() == {0.0}
    with engine.without("weasyprint.layout.block.block_level_layout"):
        assert offsets() != {0.0}


def test_a_cell_over_rows_reaches_down_to_the_page_end() -> None:
    """A brace on it is drawn beside all of its rows on the page, and not beside the first alone."""
    rows = ["<td>1</td><td rowspan='30' class='brace-right'>all</td>", *["<td>2</td>"] * 29]
    body = "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"

    def share_of_rows() -> float:
        engine.install()
        html = engine.html_from(f"<html><body>{body}</body></html>", "")
        sheet = CSS(string="@page { size: 300px 200px; margin: 20px }")
        page = html.render(stylesheets=[sheet]).pages[0]._page_box
        rows = [box for box in page.descendants() if isinstance(box, boxes.TableRowBox)]
        brace = rows[0].children[1]
        return float(brace.border_height() / (rows[-1].position_y + rows[-1].height - rows[0].position_y))

    assert share_of_rows() == pytest.approx(1, abs=0.01)
    with engine.without("weasyprint.layout.block.table_layout"):
        assert share_of_rows() < 0.3


def test_a_style_may_change_turned_pages() -> None:
    root = engine.html_from(f"<html><body>{html_table([['cell']])}</body></html>", "").etree_element
    css = (
        base_css()
        + "@page { size: 500px 700px; margin: 50px } body { margin: 0 } @page turned { margin-left: 250px !important }"
    )
    (only,) = measure(root, [CSS(string=css)])(measuring.outermost_tables(root)).values()
    assert (only.room, only.turned_room) == (400, 400)


def line_with(page: ReadPage, words: str) -> Line:
    return next(line for line in page.lines if words.replace(" ", "") in line.text)


def table_lines(page: ReadPage) -> list[Line]:
    return [line for line in page.lines if line.text.startswith("row")]


# Fits, by the classes that they are


def lay_out(body: str, **settings: str) -> PagedEdition:
    style = load_style(
        StyleChoice("reading", tuple((k.replace("_", "-"), v) for k, v in settings.items())), Path()
    )
    html = f'<html lang="en"><head><title>T</title></head><body class="original-pages-inline">{body}</body></html>'
    return typeset_whole(html, style, Path())


def fits(paged: PagedEdition) -> list[str]:
    """The classes that fitting gave to each table, in order."""
    assert paged.labels is not None
    order = fitting.FITTED, fitting.TURNED, *fitting.SIZES, "hyphenated", "cramped", fitting.BREAKABLE
    return [
        " ".join(name for name in order if name in element.classes)
        for element in paged.labels.elements
        if element.tag == "table"
    ]


def html_table(rows: Sequence[Sequence[str]]) -> str:
    lines = ("".join(f"<td><p>{cell}</p></td>" for cell in row) for row in rows)
    return (
        f'<table class="columns-{len(rows[0])}"><tbody>'
        + "".join(f"<tr>{line}</tr>" for line in lines)
        + "</tbody></table>"
    )


@pytest.mark.parametrize(
    ("word", "used"),
    [
        ("transportation", {"", "smaller-1", "smaller-2", "smaller-3", "hyphenated", "breakable"}),
        ("123,456,789", {"", "smaller-1", "smaller-2", "smaller-3", "turned", "breakable"}),
    ],
)
def test_each_table_gets_the_first_fit(word: str, used: set[str]) -> None:
    tables = [html_table([[word] * columns] * 2) for columns in (*range(3, 13), 16, 24, 50)]
    found = fits(lay_out("<main><section><p>Text.</p>" + "<p>Text.</p>".join(tables) + "</section></main>"))
    order = ["", *(f"fitted {fit}".strip() for fit in fitting.FITS)]
    order += [f"fitted turned {fit}".strip() for fit in (*fitting.FITS, fitting.LAST_FIT)]
    order.append(f"fitted turned {fitting.LAST_FIT} {fitting.BREAKABLE}")
    ranks = [order.index(fit) for fit in found]
    assert ranks == sorted(ranks)
    assert {name for fit in found for name in fit.split(" ")} >= used


def test_columns_of_texts_are_given_some_width_before_the_type_is_kept_large() -> None:
    texts = "no more than a few words in each of them"
    rows = [["head"] * 9, *[["1", *[texts] * 8]] * 3]
    narrow, wide = fits(
        lay_out(html_table([["head"] * 9, *[["1", *["a"] * 8]] * 3]) + "<p>.</p>" + html_table(rows))
    )
    assert narrow == ""
    assert "turned" in wide.split()


def test_settings_say_how_large_tables_are_and_how_small_they_may_become() -> None:
    tables = "<p>.</p>".join(html_table([["123,456,789"] * columns] * 2) for columns in (5, 6, 12))
    usual, larger = fits(lay_out(tables)), fits(lay_out(tables, table_size="13pt"))
    assert usual[0] == ""
    assert larger[0] != ""
    smallest = fits(lay_out(tables, table_smallest="4pt"))
    assert "turned" in usual[2]
    assert "turned" not in smallest[2]


def test_a_table_in_a_table_shrinks_with_it() -> None:
    inner = "<table><tbody><tr><td><p>inner</p></td></tr></tbody></table>"
    row = ["transportation"] * 5
    paged = lay_out(html_table([[*row, "inner"], [*row, "outer"]]).replace("<p>inner</p>", inner))
    (outer, within) = fits(paged)
    assert outer.startswith("fitted smaller")
    assert within == ""
    sizes = {size for text, size in sizes_of(paged) if text in ("inner", "outer")}
    assert len(sizes) == 1
    assert sizes.pop() < 9.2


def sizes_of(paged: PagedEdition) -> Iterator[tuple[str, float]]:
    from edition.proof.reader import read_pages

    for page in read_pages(pdf_of(paged)):
        for piece in page.pieces:
            yield piece.text.strip(), round(piece.size, 2)


# Measuring


def measure(root: Element, sheets: Sequence[CSS]) -> measuring.Measure:
    engine.install()
    return measuring.Measure(root, partial(engine.html_of, base_url=""), sheets, None)


@pytest.mark.parametrize("seed", range(4))
def test_the_rows_that_are_measured_say_how_wide_all_are(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures, words, capitals, spans over columns and rows: no row that is left out is wider."""
    chosen = random.Random(seed)

    def word() -> str:
        letters = chosen.choice(["0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"])
        text = "".join(chosen.choices(letters, k=chosen.randint(1, 11)))
        return chosen.choice(["{}", "{}", "{}.", "({})", "{}-{}", "{},{}", ". . . {}"]).format(text, text)

    def cell() -> str:
        spans = ' rowspan="2"' if chosen.random() < 0.03 else ' colspan="2"' if chosen.random() < 0.03 else ""
        return f"<td{spans}><p>{' '.join(word() for _ in range(chosen.randint(1, 4)))}</p></td>"

    rows = "".join("<tr>" + "".join(cell() for _ in range(6)) + "</tr>" for _ in range(80))
    xhtml = f'<html lang="en"><body><table class="columns-6"><tbody>{rows}</tbody></table></body></html>'
    root = engine.html_from(xhtml, "").etree_element
    (only,) = measuring.outermost_tables(root)
    assert len(widest_rows(only[0])) < 75
    sheets = [CSS(string=base_css() + "html { font-family: 'Linux Libertine O' }")]
    some = measure(root, sheets)([only])[only]
    monkeypatch.setattr(measuring, "widest_rows", list)
    assert some == measure(root, sheets)([only])[only]


def test_a_break_or_a_note_is_no_part_of_the_width() -> None:
    note = '<aside class="note" id="n1"><p>' + "Donaudampfschifffahrtsgesellschaft" * 9 + "</p></aside>"
    plain, noted = html_table([["cell", "cell"]]), html_table([["cell", f"cell{note}"]])
    root = engine.html_from(f"<html><body>{plain}{noted}</body></html>", "").etree_element
    one, other = measure(root, [CSS(string=base_css())])(measuring.outermost_tables(root)).values()
    assert one == other


def test_what_stands_around_a_table_takes_room() -> None:
    sheet = CSS(string=base_css() + "@page { size: 500px 400px; margin: 50px } body { margin: 0 }"
                " blockquote { margin: 0 20px; padding: 0 5% } table { border: 0 }")  # fmt: skip
    inner = html_table([["cell"]])
    xhtml = f"<html><body>{inner}<blockquote>{inner}</blockquote></body></html>"
    root = engine.html_from(xhtml, "").etree_element
    free, quoted = measure(root, [sheet])(measuring.outermost_tables(root)).values()
    assert (free.room, free.turned_room) == (400, 300)
    assert (quoted.room, quoted.turned_room) == (400 - 40 - 40, 300 - 40 - 30)


def test_turned_pages_follow_the_pages_of_any_style() -> None:
    """A style of one's own with other margins says nothing of turned pages and gets them right."""
    sheet = CSS(string=base_css() + "@page { size: 500px 700px; margin: 10px 20px 30px 40px }")
    root = engine.html_from(f"<html><body>{html_table([['cell']])}</body></html>", "").etree_element
    measuring_it = measure(root, [sheet])
    measuring_it(measuring.outermost_tables(root))
    css = measuring.turned_pages(measuring_it.sizes)
    assert "@page turned:right { size: 700.0px 500.0px; margin: 40.0px 10.0px 20.0px 30.0px;" in css
