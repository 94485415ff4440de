"""Tables of TEI brought into a grid, one construct a test."""

from __future__ import annotations

from pathlib import Path

import pytest
from tei_sample import letter, sample, written

from edition.importers import tei
from edition.model import Cell, PageBreak, Row, Table


def table(folder: Path, content: str, attributes: str = "") -> Table:
    (found,) = sample(folder, letter(f"<table {attributes}>{content}</table>")).document().blocks
    assert isinstance(found, Table)
    return found


def row(*cells: str) -> str:
    return "<row>" + "".join(f"<cell>{cell}</cell>" for cell in cells) + "</row>"


def cells(made: Table) -> list[list[Cell]]:
    return [list(entry.cells) for entry in made.rows if isinstance(entry, Row)]


def test_columns_of_numbers_stand_at_the_right(tmp_path: Path) -> None:
    text = letter('<table><row><cell>Oil</cell><cell role="num">12</cell></row></table>')
    assert sample(tmp_path, text).body() == "|  |  |\n|---|--:|\n| Oil | 12 |"


def test_a_row_of_labels_is_a_head(tmp_path: Path) -> None:
    made = table(tmp_path, '<row role="label"><cell>Goods</cell><cell>Tons</cell></row>' + row("Coal", "4"))
    assert made.head_rows == 1
    assert all(cell.head for cell in cells(made)[0])


def test_the_head_is_the_caption(tmp_path: Path) -> None:
    text = letter(f"<table><head>Lamps<note n='1'>Lit.</note></head>{row('a', 'b')}</table>")
    assert ": Lamps[^1]" in sample(tmp_path, text).body()


def test_ragged_rows_get_empty_cells(tmp_path: Path) -> None:
    made = table(tmp_path, row("a", "b", "c") + row("d") + row("e", "f"))
    assert [len(found) for found in cells(made)] == [3, 3, 3]


def test_spans_of_rows_and_columns(tmp_path: Path) -> None:
    made = table(
        tmp_path,
        '<row><cell rows="2">Goods</cell><cell cols="2">Tons</cell></row>'
        + row("1860", "1861")
        + row("a", "1", "2"),
    )
    assert [(cell.columns, cell.rows) for cell in cells(made)[0]] == [(1, 2), (2, 1)]
    assert [len(found) for found in cells(made)] == [2, 2, 3]


@pytest.mark.parametrize(
    "content",
    [
        '<row><cell rows="9">a</cell><cell>b</cell></row>' + row("c"),
        '<row><cell>a</cell><cell rows="2">b</cell></row><row><cell cols="3">c</cell></row>',
        '<row><cell cols="zero" rows="-4">a</cell></row>',
        '<row><cell cols="99999">a</cell></row>' + row("b"),
        "<row/><row><cell/></row><row/>",
        '<row rows="2"><cell rows="2"/></row>' + row("a"),
    ],
)
def test_spans_that_collide_are_shortened(tmp_path: Path, content: str) -> None:
    assert all(cell.columns <= 100 for found in cells(table(tmp_path, content)) for cell in found)


def test_a_brace_is_drawn(tmp_path: Path) -> None:
    made = table(
        tmp_path,
        '<row><cell>a</cell><cell rows="2" role="brace">}</cell><cell rows="2">9</cell></row>' + row("b"),
    )
    assert [(cell.brace, cell.rows, cell.blocks) for cell in cells(made)[0]][1] == ("right", 2, ())


def test_a_single_brace_is_text(tmp_path: Path) -> None:
    assert "}" in sample(tmp_path, letter(f"<table>{row('a', '}')}</table>")).body()


def test_page_breaks_at_the_start_of_a_row_stand_between_rows(tmp_path: Path) -> None:
    made = table(tmp_path, row("a", "b") + row('<pb n="2"/>c', "d") + '<pb n="3"/>' + row("", '<pb n="4"/>e'))
    assert [entry.page.number if isinstance(entry, PageBreak) else "row" for entry in made.rows] == [
        "row", "2", "row", "3", "4", "row",
    ]  # fmt: skip


def test_a_page_break_in_the_midst_of_a_row_stays_in_its_cell(tmp_path: Path) -> None:
    cells_with_break = row("a", "b <pb n='2'/>c")
    assert "| a | b [Page 2] c |" in sample(tmp_path, letter(f"<table>{cells_with_break}</table>")).body()


@pytest.mark.parametrize("second", [row('<pb n="2"/>c'), '<pb n="2"/>' + row("c")])
def test_no_page_break_stands_between_rows_that_a_cell_spans(tmp_path: Path, second: str) -> None:
    made = table(tmp_path, f'<row><cell rows="2">a</cell><cell>b</cell></row>{second}')
    assert all(isinstance(entry, Row) for entry in made.rows)


def test_tables_in_cells_and_cells_with_paragraphs_lists_and_notes(tmp_path: Path) -> None:
    inner = "<table>" + row("x<note n='*'>Of x.</note>") + "</table>"
    made = sample(
        tmp_path, letter(f"<table>{row(inner, '<p>One.</p><p>Two.</p>', '<list><item>i</item></list>')}</table>")
    )
    assert "[^*]: Of x." in made.body()


def test_seventeen_columns_and_650_rows(tmp_path: Path) -> None:
    made = table(tmp_path, "".join(row(*(f"{r}.{c}" for c in range(17))) for r in range(650)))
    assert {len(found) for found in cells(made)} == {17}
    assert len(cells(made)) == 650


def test_a_bilingual_table_keeps_its_languages(tmp_path: Path) -> None:
    text = letter('<table><row><cell><p xml:lang="es">Sí.</p></cell><cell><p>Yes.</p></cell></row></table>')
    assert "[Sí.]{lang=es}" in sample(tmp_path, text).body()


def test_text_between_rows_is_kept(tmp_path: Path) -> None:
    made = sample(tmp_path, letter(f"<table>{row('a', 'b')}<p>Carried forward.</p>{row('c', 'd')}</table>"))
    assert "Carried forward." in made.body()


def test_a_few_spans_make_no_huge_grid(tmp_path: Path) -> None:
    path = tmp_path / "volume.xml"
    content = '<table><row><cell cols="100">a</cell></row>' + row("b") * 3000 + "</table>"
    path.write_text(written(letter(content)), encoding="utf-8")
    (document,) = tei.read(path).edition.documents
    (made,) = document.blocks
    assert isinstance(made, Table)
    assert sum(len(found) for found in cells(made)) < 10_000
