"""Contents, lists, index, concordance, new pages and heads of divisions, as they stand in the finished PDF."""

from __future__ import annotations

import csv
from functools import cache
from io import BytesIO
from pathlib import Path
from shutil import copytree
from typing import NamedTuple

import pikepdf
import pytest
from reading import ReadPage, read_pdf
from typer.testing import CliRunner

from edition import pipeline
from edition.cli import app

FOLDER = Path(__file__).parent / "editions" / "apparatus"
STYLES = ("reading", "frus")
MODES = ("inline", "margin", "facsimile", "hidden")
each = pytest.mark.parametrize(("style", "mode"), [(style, mode) for style in STYLES for mode in MODES])


class Book(NamedTuple):
    built: pipeline.Built
    pages: list[ReadPage]

    @property
    def text(self) -> str:
        """All that the book says, page after page, without spaces and capitals."""
        return "".join(squeezed(words_of(page)) for page in self.pages)

    def folio_of(self, words: str) -> str:
        return next(page.label for page in self.pages if squeezed(words) in squeezed(words_of(page)))


def words_of(page: ReadPage) -> str:
    return " ".join(line.text for line in page.lines)


def squeezed(words: str) -> str:
    return "".join(words.split()).casefold().replace("\x02", "")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory):
    @cache
    def built(style: str, mode: str, new_pages: str = "all") -> Book:
        folder = tmp_path_factory.mktemp("apparatus") / "edition"
        copytree(FOLDER, folder)
        volume = folder / "edition.yaml"
        text = volume.read_text("utf-8").replace(
            "mode: inline, new-pages: all", f"mode: {mode}, new-pages: {new_pages}"
        )
        volume.write_text(text, "utf-8")
        made = pipeline.build(folder, folder.parent / "out", style=style)
        return Book(made, read_pdf(made.pdf))

    return built


@each
def test_it_is_proven_and_settles(books, style: str, mode: str) -> None:
    built = books(style, mode).built
    codes = [
        finding.code for finding in built.findings if finding.code != "T107"
    ]  # how lines look is not asked here
    assert codes == ["S202", "X004"]  # a date in words is printed as it is, and told
    assert (built.proof.notes, built.proof.page_breaks) == (5, 4)


@each
def test_contents_show_the_levels_that_were_asked_for_under_their_own_title(books, style: str, mode: str) -> None:
    [contents] = [page for page in books(style, mode).pages if "tableofcontents" in squeezed(words_of(page))]
    text = squeezed(words_of(contents))
    assert "theharbourofarles" in text
    assert "keeperofthelamp" not in text


@pytest.mark.parametrize("style", STYLES)
def test_the_list_of_documents_has_dates_and_pages(books, style: str) -> None:
    book = books(style, "inline")
    text = book.text
    page = book.folio_of("2. The Keeper of the Lamp to the Harbour Master Was wet")
    assert f"lamptotheharbourmastermarch,1899{page}lamps" in text
    assert "march14,1899" in text


@each
def test_persons_have_the_pages_that_name_them(books, style: str, mode: str) -> None:
    book = books(style, mode)
    text = book.text
    first, note = book.folio_of("John Mason asked for"), book.folio_of("by Ann Welles")
    preface, last = book.folio_of("These letters"), book.folio_of("John Mason is here")
    assert f"harbourmaster,{preface},{first},{last}welles" in text
    assert f"lamp.{note}n3nobody" in text


@each
def test_the_index_points_to_the_pages_of_its_entries(books, style: str, mode: str) -> None:
    book = books(style, mode)
    text = book.text
    licences, notes = book.folio_of("asked for licences and oil"), book.folio_of("More on licences")
    assert squeezed("Export licences. See Licences: export") in text
    assert f"export,{licences},{notes}nn1–3oil" in text
    first, last = book.folio_of("asked for licences and oil"), book.folio_of("Oil ran out")
    assert f"oil,{pipeline_inclusive(first, last)},{book.folio_of('Oil again')}" in text
    assert text.rindex("eagle") < text.rindex("éclair")


def pipeline_inclusive(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("mode", ["inline", "margin", "hidden"])
def test_references_give_the_new_pages(books, style: str, mode: str) -> None:
    book = books(style, mode)
    pages = {line["original page"]: line["first page"] for line in rows(book, style, mode)}
    text = book.text
    assert f"seep.12[{pages['12']}]" in text
    assert f"pp.11–13[{pipeline_inclusive(pages['11'], pages['13'])}]" in text
    assert f"document3[p.{book.folio_of('John Mason is here')}]" in text
    assert f"thepreface[{pages['x']}]" in text
    old = book.text
    assert (
        f"lamps,12[{pages['12']}],13–14[{pipeline_inclusive(pages['13'], pages['14'])}],13n[{pages['13']}]" in old
    )
    assert f"ix–x[{pages['ix']}]" in old


@cache
def rows_of(folder: Path, style: str) -> tuple[dict[str, str], ...]:
    return tuple(csv.DictReader(pipeline.concordance(folder, style=style).splitlines()))


def rows(book: Book, style: str, mode: str) -> tuple[dict[str, str], ...]:
    return rows_of(book.built.pdf.parent.parent / "edition", style)


def test_in_facsimile_mode_folios_are_those_of_the_original_and_no_new_pages_are_printed(books) -> None:
    book = books("reading", "facsimile")
    assert "seep.12,pp.11–13,document3andthepreface." in book.text


def test_new_pages_stand_in_the_index_alone_or_nowhere(books) -> None:
    index_only, none = books("reading", "inline", "index"), books("reading", "inline", "none")
    assert "seep.12,pp." in index_only.text
    assert "lamps,12[1]" in index_only.text
    assert "lamps,12,13–14,13n" in none.text


@each
def test_heads_of_divisions_call_notes(books, style: str, mode: str) -> None:
    book = books(style, mode)
    page = next(page for page in book.pages if "harbourofarles" in squeezed(words_of(page)) and page.label != "iii"
                and "forth" in squeezed(words_of(page)))  # fmt: skip
    text = squeezed(words_of(page))
    assert "fortheyearsbefore,seep.12" in text
    assert "thesecondparagraphofthisnotecallsanother.†" in text
    assert text.endswith("whichsayslittle." + squeezed(page.label)) or "whichsayslittle." in text


@each
def test_the_concordance_gives_every_original_page(books, style: str, mode: str) -> None:
    book = books(style, mode)
    found = rows(book, style, mode)
    assert [row["original page"] for row in found] == ["ix", "x", "11", "12", "13", "14", "15", "16"]
    text = book.text
    assert all(f"{row['original page']}{squeezed(row['pages'])}" in text for row in found)


def test_the_outline_has_a_branch_of_original_pages_on_request(books) -> None:
    with (
        pikepdf.open(BytesIO(books("reading", "inline").built.pdf.read_bytes())) as pdf,
        pdf.open_outline() as outline,
    ):
        branch = outline.root[-1]
        assert branch.title == "Original Pages"
        assert [line.title for line in branch.children] == ["ix", "x", "11", "12", "13", "14", "15", "16"]
        assert [line.title for line in outline.root[1:3]] == ["Table of Contents", "List of Documents"]


def test_the_running_heads_name_division_and_document(books) -> None:
    pages = {page.label: words_of(page) for page in books("reading", "inline").pages}
    assert squeezed(pages["2"]).endswith("2harbour12–13")
    assert "13–14thekeeperofthelamptotheharbourmaster3" in squeezed(pages["3"])
    frus = {page.label: squeezed(words_of(page)) for page in books("frus", "inline").pages}
    assert "lettersofthequay,volumeii" in frus["2"]
    assert "harbour3" in frus["3"]


# The command


def test_edition_concordance_prints_both_directions(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["concordance", str(FOLDER)])
    assert run.exit_code == 0, run.output
    assert "12,d1,1,2,1–2" in run.stdout
    back = CliRunner().invoke(app, ["concordance", str(FOLDER), "--by-page"])
    assert "2,12,13,12–13" in back.stdout
    page = tmp_path / "out" / "concordance.html"
    assert (
        CliRunner().invoke(app, ["concordance", str(FOLDER), "--format", "html", "--out", str(page)]).exit_code
        == 0
    )
    html = page.read_text("utf-8")
    assert '<tr id="page-12"><td>12</td><td>1–2</td><td>d1</td></tr>' in html
    assert "<td>2</td><td>12–13</td>" in html
    assert "http" not in html and "<script" not in html  # noqa: PT018


def test_edition_concordance_tells_mistakes(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["concordance", str(tmp_path)])
    assert run.exit_code == 1
    assert "edition.yaml" in run.output
