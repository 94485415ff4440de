"""Every construct that real volumes have, one named test each: what stands in the content files, what is printed.

The parts are cut out of the sample volumes, imported and built, one book a volume; both the import and the build prove
that nothing is lost, so the tests say how it reads. What none of the four volumes has is in a sample of our own at
the end. Where the volumes do not lie beside the project, the tests of them are skipped.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from volume_parts import CORPUS, Cut, Part, built_sample, imported_and_built, needs_corpus, texts

from edition import manuscript, pipeline
from edition.model import (
    Cell,
    Container,
    Enclosure,
    Heading,
    ItemList,
    Note,
    NoteCall,
    PageBreak,
    Paragraph,
    Quote,
    Reference,
    Row,
    Span,
    Table,
    Text,
)


def turns(*kept: int) -> dict[int, None]:
    return dict.fromkeys(kept)


PARTS = {
    "frus1872p2v5": (
        Cut("", tag="titlePage"), Cut("papers1"), Cut("toc", turns(*range(6)), rows=12), Cut("d5"), Cut("d58"),
        Cut("d67"), Cut("d75"), Cut("d115"), Cut("d119"), Cut("d142"), Cut("d149"), Cut("chapter7", turns(*range(11))),
        Cut("chapter6", {0: None, 90: None}, rows=20), Cut("chapter5", {0: None, 16: None, 69: turns(78, 79, 80)}),
        Cut("appendix1", {0: None, 28: None, 31: turns(*range(5))}, rows=6),
    ),
    "frus1897": (
        Cut("toc", items=2), Cut("ch101"), Cut("d2"), Cut("d3"), Cut("d135"), Cut("d140", items=3), Cut("d233"), Cut("d238"),
        Cut("d264", turns(0, 6)), Cut("d305", {0: None, 10: {0: None, 5: turns(*range(16))}}), Cut("d408"),
        Cut("d430"), Cut("d435"), Cut("d511"), Cut("d592"), Cut("d595"), Cut("d599"),
        Cut("d600"), Cut("d616"), Cut("index", turns(0, 1, 2), items=8), Cut("d181", rows=12),
        Cut("d198", turns(0, 1, 2, 6, 9, 11, 12), rows=40),
    ),
    "frus1918Russiav03": (
        Cut("toc", items=2), Cut("persons", items=5), Cut("d1"), Cut("d14"), Cut("d15"), Cut("d48"), Cut("d73"),
        Cut("d87"), Cut("d103"), Cut("d134"), Cut("d223"), Cut("d278"), Cut("d285"), Cut("d300"), Cut("d343"),
        Cut("d445"), Cut("index", turns(0, 1, 2, 3), items=30),
    ),
    "frus1934v05": (
        Cut("toc", items=4), Cut("papers", turns(*range(4)), items=4, rows=8), Cut("d23"), Cut("d49"), Cut("d57"),
        Cut("d109"), Cut("d112", {0: None, 8: turns(0, 1, 2, 23, 33, 35)}), Cut("d171"), Cut("d190"), Cut("d241"),
        Cut("d346"), Cut("d388"), Cut("d546"), Cut("d601"), Cut("d615"), Cut("Index", items=8),
    ),
}  # fmt: skip
"""What is cut of each volume."""


def _book(factory: pytest.TempPathFactory, volume: str) -> Part:
    return imported_and_built(volume, factory.mktemp(volume), *PARTS[volume])


@pytest.fixture(scope="module")
def of_1872(tmp_path_factory: pytest.TempPathFactory) -> Part:
    return _book(tmp_path_factory, "frus1872p2v5")


@pytest.fixture(scope="module")
def of_1897(tmp_path_factory: pytest.TempPathFactory) -> Part:
    return _book(tmp_path_factory, "frus1897")


@pytest.fixture(scope="module")
def of_1918(tmp_path_factory: pytest.TempPathFactory) -> Part:
    return _book(tmp_path_factory, "frus1918Russiav03")


@pytest.fixture(scope="module")
def of_1934(tmp_path_factory: pytest.TempPathFactory) -> Part:
    return _book(tmp_path_factory, "frus1934v05")


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Part:
    return built_sample(OURS, tmp_path_factory.mktemp("ours"))


def kinds(part: Part, name: str) -> list[str]:
    """The blocks of a document: kinds of containers, names of others."""
    blocks = part.document(name).blocks
    return [block.kind if isinstance(block, Container) else type(block).__name__ for block in blocks]


# Documents


@needs_corpus
def test_orders_of_parts_are_kept(of_1897: Part) -> None:
    assert kinds(of_1897, "d616") == ["dateline", "Paragraph", "Paragraph", "Paragraph", "signed", "Enclosure"]
    assert kinds(of_1897, "d135")[:3] == ["source-note", "dateline", "Paragraph"]
    assert kinds(of_1897, "d238") == [
        "Paragraph",
        "Paragraph",
        "signed",
        "postscript",
        *kinds(of_1897, "d238")[4:],
    ]


@needs_corpus
def test_a_closer_of_a_signature_alone_is_a_signature(of_1872: Part) -> None:
    assert of_1872.body("d142").endswith("::: signed\nFISH.\n:::")
    assert of_1872.page_with("FISH.")


@needs_corpus
def test_a_closer_with_text_of_its_own_stays_around_the_signature(of_1934: Part) -> None:
    closer = ":::: closer\nFor the Secretary of State:\n\n::: signed\n[Sumner Welles]{.sc}\n:::\n::::"
    assert of_1934.body("d546").endswith(closer)
    assert of_1934.page_with("For the Secretary of State:")


@needs_corpus
def test_brackets_around_a_signature_stay(of_1918: Part) -> None:
    assert ":::: closer\n[\n\n::: signed\n[[Francis]{.sc}]{.person ref=p_FDR1}\n:::\n\n]\n::::" in of_1918.body(
        "d285"
    )


@needs_corpus
def test_a_postscript_that_is_an_inside_address(of_1872: Part) -> None:
    assert "::: postscript\nViscount [Palmerston]{.sc}, *&c., &c.*\n:::" in of_1872.body("d67")
    assert of_1872.page_with("Viscount Palmerston, &c., &c.")


@needs_corpus
def test_paragraphs_in_the_centre_at_the_right_and_at_the_left(of_1872: Part, of_1897: Part) -> None:
    assert "{.center}\n*[Extract from the old patent" in of_1872.body("d5")
    assert "{.right}\n108 [Eaton Square]{.sc}" in of_1872.body("d67")
    assert "{.left}\nNo. 13.]" in of_1897.body("d592")
    page = of_1897.page_with("No. 13.]")
    assert page.line_with("No. 13.]").left < page.line_with("I have to inform you that").left


@needs_corpus
def test_italics_small_capitals_and_raised_signs_that_are_calls(of_1872: Part, of_1918: Part) -> None:
    assert "[Washington]{.sc}, *October* 24, 1872." in of_1872.body("d142")
    assert "[Petrograd]{.sc}, *July 8, 1917, 7 p.m.*" in of_1918.body("d14")
    assert [type(inline) for inline in of_1872.document("d119").title] == [Text, NoteCall]


@needs_corpus
def test_renderings_in_one_another(of_1897: Part) -> None:
    assert "# *Mr. Zeleno[i]{.sup} to Mr. Aarons.*" in of_1897.body("d430")


@needs_corpus
def test_source_notes_before_the_title_under_it_and_in_the_midst(of_1918: Part, of_1872: Part) -> None:
    assert "source-note: File No. 861.51/154" in of_1918.saved("d14")
    assert of_1918.body("d14").startswith("::: source-note\n[Telegram]\n:::")
    assert "source-note: |-\n  No. 16.\\\n  [Telegram.]" in of_1872.saved("d142")
    assert "::: source-note" in of_1872.body("d115").split("::: signed")[1]


@needs_corpus
def test_parties_date_and_place_become_fields(of_1918: Part) -> None:
    document = of_1918.document("d278")
    assert (document.from_, document.to, document.place) == ("Stevens", "Secretary of State", "Petrograd")
    assert document.date == "1917-06-13"


# Notes


@needs_corpus
def test_marks_that_are_numbers_letters_and_signs(of_1934: Part, of_1897: Part) -> None:
    assert [note.label for note in of_1934.document("d190").notes] == ["28", "28a"]
    assert [note.label for note in of_1934.document("d57").notes] == ["14b"]
    assert of_1934.pages_with("28a Not printed.")
    marks = {note.mark or note.label for note in of_1897.nodes("d198", Note)}  # type: ignore[attr-defined]
    assert marks <= {"*", "†", "‡", "§", "ǁ", "¶"}
    assert "*" in marks


@needs_corpus
def test_numbering_by_page_by_document_and_by_chapter(of_1872: Part, of_1918: Part, of_1934: Part) -> None:
    marks = [note.mark or note.label for note in of_1872.document("chapter7").notes]
    assert marks == ["1", "1"]
    assert "[^1-2]{mark=1}: Act 1 and 2 Geo. IV, cap. 66" in of_1872.body("chapter7")
    assert [note.label for name in ("d15", "d278") for note in of_1918.document(name).notes] == ["1", "1"]
    assert [note.label for name in ("d388", "d171") for note in of_1934.document(name).notes][:3] == [
        "80",
        "81",
        "81",
    ]


@needs_corpus
def test_a_note_that_is_repeated_is_one_note_with_two_calls(of_1897: Part) -> None:
    body = of_1897.body("d3")
    assert "a copy of a letter[^1] from him of the 22d instant and of my reply[^1] of the 30th" in body
    assert body.endswith("[^1]: Not printed.")
    assert "I107" in of_1897.findings
    page = of_1897.page_with("a copy of a letter1 from him of the 22d instant and of my reply1 of the 30th")
    assert page.text.count("Not printed.") == 1


@needs_corpus
def test_a_note_called_from_a_title(of_1918: Part) -> None:
    assert '([*Francis*]{.person ref=p_FDR1})[^1]"' in of_1918.saved("d15")
    page = of_1918.page_with("Sent at the request of the Secretary of the Treasury.")
    assert "The Acting Secretary of State to the Ambassador" in " ".join(page.text.split())


@needs_corpus
def test_a_note_to_the_head_of_a_division(of_1897: Part) -> None:
    printed = of_1897.page_with("See Foreign Relations, 1896, pp. 495–507.")
    assert "arrest of american sealers on robben island" in " ".join(printed.text.split()).lower()


@needs_corpus
@pytest.mark.parametrize(
    ("volume", "name", "call", "note"),
    [
        ("of_1918", "d134", "signed “[Robins]{.person ref=p_RL1}”[^1]", "in charge of the American Red Cross Commission"),
        ("of_1918", "d134", "> December 26. State Department’s 1920, December 21.[^2]", "Not printed; cf. Department’s"),
        ("of_1934", "d109", "the present treaty,[^21]", "Signed December 11, 1902"),
        ("of_1934", "d171", "| Proclamation October 22, 1930.[^85] |", "46 Stat. 3036."),
        ("of_1934", "d388", "[Received 4:16 p.m.[^80]]", "Telegram in two sections."),
        ("of_1934", "d241", "title: \"*The Secretary of State to the Chargé in El Salvador* (*McCafferty*)[^28]\"", "The same telegram on the same date"),
        ("of_1897", "d305", ": The chief natural[^2] causes", "not including losses ensuing"),
    ],
    ids=["paragraph", "quotation", "item", "cell", "dateline", "title", "item with a label"],
)  # fmt: skip
def test_notes_are_called_from_anywhere_and_stand_on_the_page_of_the_call(
    volume: str, name: str, call: str, note: str, request: pytest.FixtureRequest
) -> None:
    part: Part = request.getfixturevalue(volume)
    assert call in part.saved(name)
    assert len(part.pages_with(note)) == 1
    assert not [finding for finding in part.built.findings if finding.code == "T002"]


@needs_corpus
def test_a_note_with_paragraphs_and_a_list(of_1918: Part, of_1934: Part) -> None:
    (note,) = of_1918.document("d48").notes
    assert [type(block) for block in note.blocks] == [Paragraph, ItemList, Paragraph]
    (first,) = of_1918.pages_with("This decree was adopted by the Council of People’s Commissars")
    (last,) = of_1918.pages_with("See also the Ambassador’s telegram No. 2292")
    assert 0 <= of_1918.pages.index(last) - of_1918.pages.index(first) <= 1
    assert any(len(note.blocks) > 1 for note in of_1934.nodes("d112", Note) if isinstance(note, Note))


@needs_corpus
def test_a_long_note(of_1872: Part) -> None:
    note = "Mr. Archibald Campbell remarks on this point:"
    assert note in of_1872.body("chapter5")
    assert of_1872.pages_with(note)


@needs_corpus
def test_many_notes_on_a_page(of_1934: Part) -> None:
    page = of_1934.page_with("46 Stat. 3036.")
    assert sum(f"{number} Stat." in page.text for number in (37, 42, 43, 46)) >= 3
    assert len(of_1934.document("d171").notes) == 11


# Original pages


@needs_corpus
def test_pages_in_arabic_and_roman_and_in_brackets(of_1897: Part, of_1872: Part, of_1918: Part) -> None:
    assert "[Page 582]{facs=0616}" in of_1897.body("d600")
    assert "[Page IV]{facs=0004}" in of_1897.body("toc")
    assert "[Page [III]]{facs=0005}" in of_1872.body("papers1")
    assert "[Page [318]]{facs=0368}" in of_1918.body("index")
    assert of_1918.page_with("[Page 318]")


@needs_corpus
def test_page_breaks_in_paragraphs_and_between_them(of_1897: Part, of_1918: Part) -> None:
    assert any(isinstance(block, PageBreak) for block in of_1918.document("d73").blocks)
    assert re.search(r"\w \[Page 282\]\{facs=0316\} \w", of_1897.body("d264"))
    assert of_1897.page_with("[Page 282]")


@needs_corpus
def test_page_breaks_in_items_and_between_them(of_1918: Part, of_1897: Part) -> None:
    assert re.search(r"\n: .*\w \[Page 223\]\{facs=\d+\} \w", of_1918.body("d343"))
    assert "\n[Page 582]{facs=0616} 4.\n: " in of_1897.body("d600")
    assert "\n[Page 68]{facs=0118} (6)\n: " in of_1918.body("d87")


@needs_corpus
def test_a_page_break_at_the_start_of_a_cell_stands_between_the_rows(of_1897: Part) -> None:
    tables = [node for node in of_1897.nodes("d599", Table) if isinstance(node, Table)]
    assert any(isinstance(row, PageBreak) for table in tables for row in table.rows)
    assert "\n[Page 581]{facs=0615}\n| " in of_1897.body("d599")
    assert of_1897.page_with("[Page 581]")


@needs_corpus
def test_a_page_break_in_a_quotation_and_in_italics(of_1918: Part, of_1897: Part) -> None:
    assert re.search(r"\n> .*\[Page 203\]", of_1918.body("d300"))
    assert re.search(r"\[Page 446\]\{facs=\d+\}", of_1897.body("d435"))


@needs_corpus
def test_empty_original_pages_follow_each_other(of_1872: Part, of_1918: Part) -> None:
    assert "[Page 240]{facs=0270}\n\n[Page 241]{facs=0271}" in of_1872.body("chapter6")
    assert "[Page [318]]{facs=0368}\n\n[Page 319]{facs=0369}" in of_1918.body("index")


@needs_corpus
def test_the_page_that_the_text_has_reached_is_where_a_document_starts(of_1897: Part) -> None:
    assert str(of_1897.document("d616").start_page) == "582"


# Tables


@needs_corpus
def test_a_table_with_spans_of_columns(of_1897: Part) -> None:
    (table,) = [node for node in of_1897.nodes("d2", Table) if isinstance(node, Table)]
    first, *_ = [row for row in table.rows if isinstance(row, Row)]
    assert [cell.columns for cell in first.cells] == [1, 1, 2, 2]
    line = of_1897.page_with("White pine").line_with("White pine")
    assert "1894" in line.text


@needs_corpus
def test_tables_with_spans_of_rows_and_braces_over_them(of_1918: Part, of_1897: Part) -> None:
    assert "- {rows=6 brace=right}\n  - {rows=6} 3, 000, 000" in of_1918.body("d223")
    braces = [cell for cell in of_1897.nodes("d181", Cell) if isinstance(cell, Cell) and cell.brace]
    assert braces


@needs_corpus
def test_ragged_rows_are_filled_up_and_reported(of_1872: Part) -> None:
    found = [finding for finding in of_1872.imported.findings if finding.code == "I114"]
    lines = of_1872.source.read_text("utf-8").splitlines()
    assert found
    assert all(finding.place and "<table" in lines[finding.place.line - 1] for finding in found)


@needs_corpus
def test_tables_in_cells(of_1872: Part) -> None:
    cells = [node for node in of_1872.nodes("chapter6", Cell) if isinstance(node, Cell)]
    assert any(isinstance(block, Table) for cell in cells for block in cell.blocks)
    assert of_1872.page_with("March 4,1812, to September 16, 1822")


@needs_corpus
def test_two_languages_side_by_side_and_page_breaks_in_their_columns(of_1872: Part) -> None:
    table = next(node for node in of_1872.nodes("appendix1", Table) if isinstance(node, Table))
    rows = [row for row in table.rows if isinstance(row, Row)]
    assert {len(row.cells) for row in rows} == {2}
    assert "La noticia confusa del reconocimiento" in of_1872.body("appendix1")
    page = of_1872.page_with("La noticia confusa del reconocimiento")
    left, right = page.line_with("La noticia confusa"), page.line_with("The confused account")
    assert left.left < right.left
    assert any(isinstance(node, PageBreak) for node in of_1872.nodes("appendix1", PageBreak))


@needs_corpus
def test_cells_with_paragraphs_and_tables_in_them(of_1872: Part) -> None:
    cells = [node for node in of_1872.nodes("appendix1", Cell) if isinstance(node, Cell)]
    assert max(len(cell.blocks) for cell in cells) > 3


@needs_corpus
def test_a_wide_table_with_notes_in_its_cells(of_1897: Part) -> None:
    tables = [node for node in of_1897.nodes("d198", Table) if isinstance(node, Table)]
    widths = {len(row.cells) for row in tables[0].rows if isinstance(row, Row)}
    assert widths == {9}
    assert tables[0].alignments[2] == "right"
    assert of_1897.pages_with("Bromberger, S")
    assert not [finding for finding in of_1897.built.findings if finding.code in ("C020", "C023")]
    assert of_1897.nodes("d198", NoteCall)


@needs_corpus
def test_columns_of_numbers_stand_at_the_right(of_1897: Part) -> None:
    assert '::: table {align="- - right right right right"}' in of_1897.body("d2")
    lines = [of_1897.page_with(words).line_with(words) for words in ("White pine", "Spruce pine")]
    assert len({round(line.characters[-1].x + line.characters[-1].size) for line in lines}) <= 2


# Lists


@needs_corpus
def test_items_with_labels(of_1897: Part) -> None:
    assert "1.\n: No schools closed in our field.\n2.\n: " in of_1897.body("d600")
    line = of_1897.page_with("No schools closed in our field.").line_with("No schools closed in our field.")
    assert line.text.startswith("1.")


@needs_corpus
def test_plain_lists_in_one_another_and_an_index(of_1897: Part, of_1918: Part) -> None:
    assert "- Adler, Boris:\n  - insane American in Austria-Hungary 13\n" in of_1897.body("index")
    assert of_1918.document("index").type == "index"
    outer = of_1918.page_with("arrival, 192.")
    assert outer.line_with("arrival, 192.").left > outer.line_with("Allied bank, discussion").left


@needs_corpus
def test_a_list_of_persons_becomes_persons_as_well(of_1918: Part) -> None:
    assert [person.id for person in of_1918.edition.persons][:2] == ["p_BND1", "p_BBA1"]
    assert of_1918.edition.persons[0].description == "Secretary of War."
    assert of_1918.body("persons").startswith("- Baker, Newton D., Secretary of War.")
    assert "[[Root]{.sc}]{.person ref=p_RE2}" in of_1918.body("d14")


@needs_corpus
def test_a_list_in_a_signature(of_1918: Part, of_1897: Part) -> None:
    assert "::: signed\n- [[Root]{.sc}]{.person ref=p_RE2}\n- " in of_1918.body("d14")
    assert "- [Patenôtre]{.sc}, *Ambassadeur de la Republique Française.*" in of_1897.body("d233")


# Running text


@needs_corpus
def test_line_breaks_glue_no_words(of_1897: Part, of_1934: Part) -> None:
    assert "[Department of State]{.sc},\\\n*Washington*, *September 24, 1897*." in of_1897.body("d592")
    page = of_1897.page_with("Washington, September 24, 1897.")
    assert (
        page.line_with("Department of State,").baseline
        < page.line_with("Washington, September 24, 1897.").baseline
    )
    for part in (of_1897, of_1934):
        assert not any(re.search(r"State,[A-Z]", text) for _, text in texts(part.folder))


@needs_corpus
def test_words_in_the_margin(of_1872: Part) -> None:
    assert "[[7]]{.margin}" in of_1872.body("d5")
    page = of_1872.pages_with("Extract from the old patent for Connecticut")[-1]
    assert "[7]" in page.text


@needs_corpus
def test_asterisks_in_and_between_words(of_1872: Part) -> None:
    assert "* * * “Robert, Earl of Warwick,” * * “doth give” * *" in of_1872.body("d5")
    assert of_1872.page_with("* * * “Robert, Earl of Warwick,” * * “doth give”")


@needs_corpus
def test_references_to_pages_and_to_other_volumes(of_1897: Part, of_1918: Part) -> None:
    assert "- [Discriminating duty on cotton-seed oil](#page-2)" in of_1897.body("toc")
    assert "[Foreign Relations, 1896, pp. 495](frus1896#page-495)–[507](frus1896#page-507)" in "".join(
        text for _, text in texts(of_1897.folder)
    )
    assert "[vol. [i]{.sc}, p. 358](frus1918Russiav01#page-358)" in of_1918.body("d48")


@needs_corpus
def test_references_that_lead_nowhere_keep_their_words_and_are_reported(of_1918: Part) -> None:
    assert "I111" in of_1918.findings
    lines = of_1918.source.read_text("utf-8").splitlines()
    for finding in of_1918.imported.findings:
        if finding.code == "I111" and "#in" in finding.message:
            assert finding.place
            assert finding.message.split("`")[1] in lines[finding.place.line - 1]


@needs_corpus
def test_names_refer_to_the_list_of_persons(of_1918: Part) -> None:
    spans = [node for node in of_1918.nodes("d278", Span) if isinstance(node, Span) and node.kind == "person"]
    assert {span.get("ref") for span in spans} == {"p_SJF1"}


# Enclosures


@needs_corpus
def test_an_enclosure_has_its_own_head_and_signature(of_1897: Part) -> None:
    (enclosure,) = of_1897.nodes("d616", Enclosure)
    assert isinstance(enclosure, Enclosure)
    assert isinstance(enclosure.blocks[1], Heading)
    assert of_1897.page_with("Minister of Foreign Affairs to Mr. Riddle.")


@needs_corpus
def test_notes_of_an_enclosure_stand_in_it(of_1872: Part, of_1934: Part) -> None:
    (enclosure,) = [node for node in of_1872.nodes("chapter6", Enclosure) if isinstance(node, Enclosure)]
    assert [note.mark or note.label for note in enclosure.notes] == ["1", "1"]
    (enclosure,) = [node for node in of_1934.nodes("d112", Enclosure) if isinstance(node, Enclosure)]
    assert [note.label for note in enclosure.notes] == ["†", "‡", "§"]


@needs_corpus
def test_quotations_as_blocks(of_1897: Part, of_1918: Part) -> None:
    assert "\n> 748. Sartorius tobacco claim." in of_1897.body("d511")
    assert any(isinstance(node, Quote) for node in of_1918.nodes("d134", Quote))


# Front and back matter, pictures


@needs_corpus
def test_the_title_page_as_printed(of_1872: Part) -> None:
    document = of_1872.document("original-title-page")
    assert document.type == "title-page"
    assert of_1872.body("original-title-page") == "WASHINGTON: GOVERNMENT PRINTING OFFICE."


@needs_corpus
def test_front_and_back_matter_stand_in_their_places(of_1918: Part) -> None:
    yaml = (of_1918.folder / "edition.yaml").read_text("utf-8")
    front, back = yaml.split("division: front")[1].split("division: back")
    assert "documents/toc.md" in front
    assert "documents/persons.md" in front
    assert "documents/index.md" in back
    assert [of_1918.document(name).type for name in ("toc", "persons", "index")] == [
        "contents",
        "persons",
        "index",
    ]


@needs_corpus
def test_a_picture_that_is_absent_is_reported_with_its_line(of_1872: Part) -> None:
    lines = of_1872.source.read_text("utf-8").splitlines()
    missing = [finding.place for finding in of_1872.imported.findings if finding.code == "I110"]
    assert missing
    assert all(place and "<graphic url=" in lines[place.line - 1] for place in missing)


# Escapes


@needs_corpus
def test_nothing_is_escaped_that_need_not_be(of_1872: Part, of_1897: Part, of_1918: Part, of_1934: Part) -> None:
    for part in (of_1872, of_1897, of_1918, of_1934):
        for name, text in texts(part.folder):
            assert len(re.findall(r"\\(?!\n)", text)) <= 4, name


@needs_corpus
def test_brackets_lines_to_be_filled_in_and_numbers_at_the_start_stay_as_they_are(
    of_1897: Part, of_1918: Part
) -> None:
    assert "M _______ _______, born on ____" in of_1897.body("d140")
    assert of_1918.body("d14").split("\n\n")[2].startswith("15. Critical situation")
    assert of_1897.body("d592").count("No. 13.]") == 1
    assert of_1897.page_with("_______ _______, born on ____")


@needs_corpus
def test_a_file_with_a_byte_order_mark_windows_line_ends_and_a_model_is_read(of_1918: Part) -> None:
    """As they lie there: the first 300 bytes of one volume."""
    start = (CORPUS / "frus1918Russiav03.xml").read_bytes()[:300]
    assert start.startswith(b"\xef\xbb\xbf")
    assert b"\r\n<?xml-model " in start


# Stability


@needs_corpus
@pytest.mark.parametrize("volume", ["of_1872", "of_1897", "of_1918", "of_1934"])
def test_imported_again_and_saved_again_the_files_are_the_same(
    volume: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    part: Part = request.getfixturevalue(volume)
    pipeline.import_tei(part.source, tmp_path / "again")
    first = dict(texts(part.folder))
    assert dict(texts(tmp_path / "again")) == first
    assert manuscript.texts_of(part.edition, part.folder) == first


# What the four volumes do not have


OURS = """
<front><p>Loose words before any division.</p></front>
<body>
<div type="document" xml:id="d1"><pb n="" facs="1"/><pb n="[]" facs="2"/><head>Marks</head>
<note>A headnote without a mark.</note>
<p>One<note n="**">Two stars.</note> two<note n="a">A letter.</note> three<note n="‖">Two bars.</note>
four<note n="7">In it a table.<table><row><cell>salt</cell><cell>9</cell></row></table></note>
five<note n="8">In it a quotation.<quote rend="blockquote"><p>So be it.</p></quote></note>
six<note n="9">In it a note.<note n="10">The inner note.</note></note>.</p>
<list><label>(a)<note n="11">Of a label.</note></label><item>An item.</item></list>
<closer><signed>Q<pb n="5" xml:id="pg_5"/>uill<note n="12">Of a signature.</note></signed></closer></div>
<div type="document" xml:id="d2"><head>Pages<pb n="5" xml:id="pg_5a"/> in titles</head>
<p>word<pb n="6"/>word and “<pb n="vii"/>quoted” and wo<pb n="8" break="no"/>rd. See <ref target="http//no">a false address</ref>,
<ref target="#d1">document 1</ref>, <ref target="#d9">no document</ref>, <ref target="https://example.org/">the web</ref>.</p>
<p>Harbo\u0457r <wobble>and a strange element</wobble>, {braces} | bars | *stars* [^1] a_b_c.</p>
<p>12. A number begins this.</p></div>
<div type="document"><head>No id</head><frus:attachment><head>First enclosure</head><p>a<note n="1">Of the first.</note></p>
<frus:attachment><head>Second enclosure</head><frus:attachment><div type="document"><head>A document in it</head>
<p>b<note n="1">Of the third.</note></p></div></frus:attachment></frus:attachment></frus:attachment>
<list type="participants"><head>Present</head><item>Quill</item><item>Reed<list><item>Clerk<list><item>Inner
<list><item>Deeper<list><item>Fifth<list><item>Sixth level</item></list></item></list></item></list></item></list></item></list></item></list>
<table><head>Ragged</head><row><cell>a</cell><cell>b</cell><cell>c</cell></row><row><cell>d</cell></row></table></div>
</body>
"""


def test_marks_that_the_volumes_do_not_have(ours: Part) -> None:
    assert [note.label for note in ours.document("d1").notes] == ["**", "a", "‖", "7", "8", "9", "11", "12", "10"]
    assert ours.body("d1").startswith("::: headnote\nA headnote without a mark.\n:::")
    for words in ("Two stars.", "A letter.", "Two bars.", "Of a label.", "Of a signature.", "The inner note."):
        assert len(ours.pages_with(words)) == 1


def test_tables_quotations_and_notes_in_notes(ours: Part) -> None:
    notes = {note.label: note for note in ours.document("d1").notes}
    assert isinstance(notes["7"].blocks[1], Table)
    assert isinstance(notes["8"].blocks[1], Quote)
    assert "[^9]: In it a note.[^10]" in ours.body("d1")


def test_empty_and_repeated_numbers_of_pages_are_kept_apart_by_their_ids(ours: Part) -> None:
    breaks = [node for name in ("d1", "d2") for node in ours.nodes(name, PageBreak) if isinstance(node, PageBreak)]
    assert [str(found.page) for found in breaks] == ["[]", "[]", "5", "5", "6", "vii", "8"]
    assert len({found.anchor for found in breaks}) == 7
    assert [found.id for found in breaks[2:4]] == ["", "pg_5a"]


def test_page_breaks_in_signatures_titles_and_words(ours: Part) -> None:
    assert "::: signed\nQ [Page 5] uill[^12]\n:::" in ours.body("d1")
    assert "title: Pages [Page 5]{#pg_5a} in titles" in ours.saved("d2")
    assert "word [Page 6] word and “[Page vii]quoted” and wo[Page 8]rd." in ours.body("d2")
    assert ours.page_with("wo[Page 8]rd.")


def test_false_addresses_dangling_references_and_true_ones(ours: Part) -> None:
    assert "a false address, [document 1](#d1), no document, [the web](https://example.org/)." in ours.body("d2")
    assert {"I111", "I113"} <= set(ours.findings)


def test_junk_characters_and_unknown_elements_are_kept_and_reported(ours: Part) -> None:
    assert "Harbo\u0457r and a strange element, {braces} | bars | \\*stars\\* \\[^1] a_b_c." in ours.body("d2")
    assert {"I105", "I116"} <= set(ours.findings)
    assert ours.page_with("*stars* [^1] a_b_c.")
    assert ours.body("d2").endswith("\n12. A number begins this.")


def test_enclosures_three_deep_hold_whole_documents_and_a_document_without_an_id_gets_one(ours: Part) -> None:
    enclosures = ours.nodes("d3", Enclosure)
    assert len(enclosures) == 4
    assert [len(node.notes) for node in enclosures if isinstance(node, Enclosure)] == [1, 0, 0, 1]
    assert ours.page_with("Of the first.")
    assert ours.page_with("Of the third.")


def test_lists_of_participants_and_lists_six_deep(ours: Part) -> None:
    assert "{.center}\nPresent\n\n- Quill\n- Reed\n  - Clerk\n    - Inner\n" in ours.body("d3")
    assert "          - Sixth level" in ours.body("d3")


def test_a_ragged_table_with_a_caption(ours: Part) -> None:
    assert "| d |  |  |\n: Ragged" in ours.body("d3")
    assert "I114" in ours.findings


def test_text_outside_any_division_is_a_document_in_its_place(ours: Part) -> None:
    assert ours.body("front-text") == "Loose words before any division."
    assert ours.page_with("Loose words before any division.")


def test_references_lead_where_they_say(ours: Part) -> None:
    targets = [node.target for node in ours.nodes("d2", Reference) if isinstance(node, Reference)]
    assert targets == ["#d1", "https://example.org/"]
