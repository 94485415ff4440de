"""The structure tree as a reader's software meets it: what is said, in which order, and as what."""

from __future__ import annotations

import inspect
from itertools import count
from typing import Any

import pytest
import weasyprint.pdf.tags
from hypothesis import given
from hypothesis import strategies as st
from specimen import BODY, WORDS, note, pdf_of, picture, typeset
from structure_tree import Node, StructureTree

from edition.typeset import engine
from edition.typeset.structure import Content, Element, tidy
from edition.typeset.tagging import add_tags

SMALL_PAGES = """
@page { size: 3in 2in; margin: .4in; @top-center { content: "Head" } @bottom-center { content: counter(page) } }
html { font: 9pt/12pt "Linux Libertine O" }
body, p { margin: 0 }
aside.note { float: footnote; footnote-display: block; footnote-policy: line; font-size: 7pt }
aside.note::footnote-call, aside.note::footnote-marker { content: "" }
.page-break::before { content: "[Page " attr(data-page) "]" }
ul { margin: 0; padding-left: 2em } ul.labelled { list-style: none }
img { image-rendering: crisp-edges; width: 9pt; height: 9pt }
"""


def read(body: str, style: str = "") -> StructureTree:
    return StructureTree(pdf_of(typeset(body, SMALL_PAGES + style)))


def tree(body: str, style: str = "") -> str:
    return str(read(body, style).document)


def only(body: str, role: str, style: str = "") -> Node:
    [node] = read(body, style).document.all(role)
    return node


@pytest.fixture(scope="module")
def specimen() -> StructureTree:
    return StructureTree(pdf_of(typeset(BODY)))


def test_stock_tags_fall_to_pieces() -> None:
    """What this module is there for: the day the engine does it, it can go."""
    body = f"<p>{WORDS * 6}</p><p>Text{note(1, 'Its note.')}</p>"
    with engine.without("weasyprint.pdf.add_tags"), pytest.raises((AssertionError, AttributeError)):
        StructureTree(pdf_of(typeset(body, SMALL_PAGES)))


# Pages


def test_paragraph_over_pages_is_one_element_in_order() -> None:
    paragraph = only(f"<p>{WORDS * 6}</p>", "P")
    assert paragraph.words == (WORDS * 6).strip()
    assert len(paragraph.pages) > 2


def test_section_and_division_over_pages_are_one_each() -> None:
    body = (
        f'<main><section class="division"><article><p>{WORDS * 3}</p><p>{WORDS * 3}</p></article></section></main>'
    )
    document = read(body).document
    assert [len(document.all(role)) for role in ("Part", "Sect", "Art", "P")] == [1, 1, 1, 2]


def test_link_over_pages_is_one_link_with_an_area_on_each_line() -> None:
    link = only(f'<p><a href="https://example.org/">{WORDS * 6}</a></p>', "Link")
    assert len(link.pages) > 2
    assert link.areas > 10


def test_margin_boxes_are_artifacts() -> None:
    found = read("<p>Text</p>")
    assert found.artifacts == ["Head", "1"]
    assert str(found.document) == "Document[P[Text]]"


def test_paragraph_that_the_source_broke_is_one() -> None:
    pieces = '<p class="to-break">Begun</p><p class="from-break">ended.</p><p class="from-break">x</p>'
    assert tree(f"<article>{pieces}</article>") == "Document[Art[P[Begun ended.] P[x]]]"


# Notes


def test_note_stands_after_its_call() -> None:
    expected = "Document[P[Before Link[1] Note[P[Link[1] The note.]] after.]]"
    assert tree(f"<p>Before{note(1, 'The note.')} after.</p>") == expected


def test_note_over_pages_is_one_note() -> None:
    document = read(f"<p>Before{note(1, WORDS * 8)} after. {WORDS * 4}</p>").document
    [found] = document.all("Note")
    assert found.words == f"1 {WORDS * 8}".strip()
    assert len(found.all("P")[0].pages) > 1


def test_note_in_a_note_stands_after_its_call() -> None:
    body = f"<p>Text{note(1, 'Outer' + note(2, 'Inner.') + ' ends.')}</p>"
    assert "Note[P[Link[1] Outer Link[2] Note[P[Link[2] Inner.]] ends.]]" in tree(body)


def test_every_note_has_its_id_once(specimen: StructureTree) -> None:
    notes = specimen.document.all("Note")
    ids = [str(found.properties["/ID"]) for found in notes]
    assert ids == ["d1-n1", "d1-n2", "d1-n3", "d1-n4", "d1-n5", "d1-e1-n1", "d2-n1", "d2-n2"]
    names = specimen.pdf.Root.StructTreeRoot.IDTree.Names
    named = {str(names[i]): str(names[i + 1].S)[1:] for i in range(0, len(names), 2)}
    assert list(named) == sorted(named)
    assert [name for name, role in named.items() if role == "Note"] == sorted(ids)
    assert {"d1", "d2"} <= {name for name, role in named.items() if role == "Art"}
    assert all(str(names[i + 1].ID) == str(names[i]) for i in range(0, len(names), 2))


def test_notes_that_share_an_id_get_ids_of_their_own() -> None:
    end_note = '<aside class="note" id="n"><p>Text</p></aside>'
    notes = read(end_note * 3, "aside.note { float: none }").document.all("Note")
    assert [str(found.properties["/ID"]) for found in notes] == ["n", "n-2", "n-3"]


def test_generated_mark_is_a_label_and_generated_call_a_span() -> None:
    style = "aside.note::footnote-call { content: '*' } aside.note::footnote-marker { content: '* ' }"
    body = '<p>Text<aside class="note" id="n"><p>The note.</p></aside></p>'
    assert tree(body, style) == "Document[P[Text Span[*] Note[Lbl[*] P[The note.]]]]"


def test_call_says_what_it_links(specimen: StructureTree) -> None:
    annotations = [annotation for page in specimen.pdf.pages for annotation in page.get("/Annots", [])]
    assert all(str(annotation.Contents) for annotation in annotations)
    said = {str(annotation.get("/Dest", "")): str(annotation.Contents) for annotation in annotations}
    assert said["d1-n2"] == "2"
    assert said["page-404"] == "p. 404"


def test_title_of_a_link_says_where_it_leads() -> None:
    found = read('<p id="x"><a href="#x" title="Note 1">1</a></p>')
    assert str(found.pdf.pages[0].Annots[0].Contents) == "Note 1"


# Lists and contents


def test_items_with_blocks_have_one_body() -> None:
    body = '<ul class="bullets"><li><p>One.</p><p>More.</p></li><li>Bare</li></ul>'
    assert tree(body) == "Document[L[LI[Lbl[•] LBody[P[One.] P[More.]]] LI[Lbl[•] LBody[Bare]]]]"


def test_nested_list_is_in_the_body_of_its_item() -> None:
    body = "<ul><li><p>Out</p><ul><li><p>In</p></li></ul></li></ul>"
    assert "LBody[P[Out] L[LI[Lbl[◦] LBody[P[In]]]]]" in tree(body)


def test_written_labels_are_labels() -> None:
    body = (
        '<ul class="labelled"><li><span class="label">(1)</span><div class="body"><p>One.</p></div></li>'
        '<li><span class="label">(3)</span><div class="body"><p>Three.</p></div></li></ul>'
    )
    assert tree(body) == "Document[L[LI[Lbl[(1)] LBody[P[One.]]] LI[Lbl[(3)] LBody[P[Three.]]]]]"


def test_numbering_of_lists_is_told() -> None:
    body = '<ul><li>a</li></ul><ul class="labelled"><li>b</li></ul><ol><li>c</li></ol>'
    lists = read(body, "ol { list-style: lower-roman }").document.all("L")
    numberings = [str(found.properties["/A"].ListNumbering) for found in lists]
    assert numberings == ["/Disc", "/None", "/LowerRoman"]


def test_item_over_pages_is_one_item() -> None:
    assert len(read(f"<ul><li><p>{WORDS * 5}</p></li></ul>").document.all("LBody")) == 1


def test_contents_refer_and_leaders_are_artifacts() -> None:
    body = (
        '<nav class="contents"><ol><li><a href="#a"><span class="title">A</span></a>'
        '<ol><li><a href="#b">B</a></li></ol></li></ol></nav><p id="a">a</p><p id="b">b</p>'
    )
    style = "li { list-style: none } nav a::after { content: leader('.') target-counter(attr(href), page) }"
    found = read(body, style)
    expected = "Sect[TOC[TOCI[Reference[Link[Span[A] 1]] TOC[TOCI[Reference[Link[B 1]]]]]]]"
    assert str(found.document) == f"Document[{expected} P[a] P[b]]"
    assert "." in found.artifacts
    assert len(found.pdf.pages[0].Annots) == 2  # one for each link, none for the spans in it


# Tables


def test_table_head_is_said_once_over_pages() -> None:
    rows = "".join(f"<tr><td>Row {number}</td></tr>" for number in range(40))
    body = f"<table><thead><tr><th scope='col'>Name</th></tr></thead><tbody>{rows}</tbody></table>"
    found = read(body)
    [table] = found.document.all("Table")
    assert table.words.split("Row") == ["Name ", *(f" {number} " for number in range(39)), " 39"]
    assert len(found.document.all("TR")) == 41
    assert found.artifacts.count("Name") == len(found.pdf.pages) - 1


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<tr><td>a</td><td>b</td></tr><tr><td>c</td></tr>", "TR[TD[a] TD[b]] TR[TD[c] TD[]]"),
        ("<tr><td/><td>b</td></tr>", "TR[TD[] TD[b]]"),
        ("<tr><td rowspan='3'>a</td><td>b</td></tr><tr/>", "TR[TD[a] TD[b]] TR[TD[]]"),
        ("<tr><td>a</td><td rowspan='2'>b</td></tr><tr/>", "TR[TD[a] TD[b]] TR[TD[]]"),
        ("<tr><td><p>a</p><p>b</p></td></tr>", "TR[TD[P[a] P[b]]]"),
        ("<tr><td><ul><li>a</li></ul></td></tr>", "TR[TD[L[LI[Lbl[•] LBody[a]]]]]"),
    ],
)
def test_rows_are_as_wide_as_the_table(rows: str, expected: str) -> None:
    assert tree(f"<table><tbody>{rows}</tbody></table>") == f"Document[Table[TBody[{expected}]]]"


def test_spans_end_with_their_group_and_do_not_overlap() -> None:
    rows = "<tr><td>a</td><td rowspan='9'>b</td></tr><tr><td colspan='2'>c</td></tr>"
    cells = read(f"<table><tbody>{rows}</tbody></table>").document.all("TD")
    spans = [(cell.words, dict(cell.properties.get("/A", {}))) for cell in cells]
    assert [(words, span.get("/RowSpan"), span.get("/ColSpan")) for words, span in spans] == [
        ("a", None, None),
        ("b", 2, None),
        ("c", None, None),
    ]


def test_a_wide_row_does_not_make_a_cell_for_each_column_of_the_others() -> None:
    rows = "<tr><td colspan='900'>a</td></tr><tr><td rowspan='2'>b</td><td>c</td></tr><tr><td>d</td></tr>"
    cells = read(f"<table><tbody>{rows}</tbody></table>").document.all("TD")
    spans = [(cell.words, cell.properties.get("/A", {}).get("/ColSpan", 1)) for cell in cells]
    assert spans == [("a", 900), ("b", 1), ("c", 1), ("", 898), ("d", 1), ("", 898)]


SPANS = st.tuples(st.integers(1, 4), st.integers(1, 4))
ROW_GROUPS = st.lists(st.lists(st.lists(SPANS, max_size=4), min_size=1, max_size=4), min_size=1, max_size=3)


@given(ROW_GROUPS)
def test_any_cells_become_a_grid(groups: list[list[list[tuple[int, int]]]]) -> None:
    table = Element("Table", [Element("TBody", [row_of(row) for row in group]) for group in groups])
    tidy(Element("Document", [table]))
    widths = {len(columns) for group in table.elements for columns in columns_taken(group)}
    assert len(widths) == 1


def row_of(spans: list[tuple[int, int]]) -> Element:
    cells = [Element("TD", attributes={"Table": {"ColSpan": wide, "RowSpan": deep}}) for wide, deep in spans]
    return Element("TR", [*cells])


def columns_taken(group: Element) -> list[set[int]]:
    """For each row the columns that cells take; asserts that none is taken twice or left out."""
    taken: list[set[int]] = [set() for _ in group.elements]
    for index, row in enumerate(group.elements):
        for cell in row.elements:
            spans = cell.attributes.get("Table", {})
            column = next(column for column in count() if column not in taken[index])
            columns = set(range(column, column + spans.get("ColSpan", 1)))
            for below in range(index, index + spans.get("RowSpan", 1)):
                assert not columns & taken[below]
                taken[below] |= columns
    assert all(columns == set(range(len(columns))) for columns in taken)
    return taken


def test_nested_table_and_caption() -> None:
    inner = "<table><tr><td>in</td></tr></table>"
    body = f"<table><caption>Ships</caption><tbody><tr><td>{inner}</td></tr></tbody></table>"
    assert tree(body) == "Document[Table[Caption[Ships] TBody[TR[TD[Table[TBody[TR[TD[in]]]]]]]]]"


def test_heads_of_columns_and_rows_are_told_apart() -> None:
    body = (
        "<table><thead><tr><th scope='col'>a</th><th scope='col'>b</th></tr></thead>"
        "<tbody><tr><th scope='row'>c</th><td>d</td></tr></tbody></table>"
    )
    heads = read(body).document.all("TH")
    assert [str(head.properties["/A"].Scope) for head in heads] == ["/Column", "/Column", "/Row"]


def test_table_of_a_head_alone_has_a_body() -> None:
    assert tree("<table><thead><tr><th>a</th></tr></thead></table>") == "Document[Table[TBody[TR[TH[a]]]]]"


# Words, languages, pictures


def test_languages_of_passages_and_blocks() -> None:
    document = read(
        '<p>He wrote <span lang="la">nihil</span></p><blockquote lang="de"><p>x</p></blockquote>'
    ).document
    assert str(document.all("Span")[0].properties["/Lang"]) == "la"
    assert str(document.all("BlockQuote")[0].properties["/Lang"]) == "de"


def test_what_is_no_language_is_not_said() -> None:
    assert "/Lang" not in only('<p><span lang="not a language">x</span></p>', "Span").properties


def test_expansion_of_an_abbreviation() -> None:
    assert (
        str(only('<p><abbr title="Foreign Relations">F.R.</abbr></p>', "Span").properties["/E"])
        == "Foreign Relations"
    )


def test_page_break_is_a_span_in_the_running_text() -> None:
    assert (
        tree('<p>enor<span class="page-break" data-page="404"/>mous</p>')
        == "Document[P[enor Span[[Page 404]] mous]]"
    )


def test_picture_has_its_words_and_its_frame() -> None:
    figure = only(f'<p><img src="{picture()}" alt="A seal"/></p>', "Figure")
    assert str(figure.properties["/Alt"]) == "A seal"
    left, bottom, right, top = map(float, figure.properties["/A"].BBox)
    assert right - left == pytest.approx(9)
    assert top - bottom == pytest.approx(9)
    assert left == pytest.approx(28.8)
    assert 144 - 28.8 - 12 <= bottom < top <= 144 - 28.8


def test_picture_without_words_is_decoration() -> None:
    assert tree(f'<p>x<img src="{picture()}" alt=""/></p>') == "Document[P[x]]"


def test_words_that_are_not_drawn_are_no_content() -> None:
    assert tree('<p>x<span style="visibility: hidden">y</span></p>') == "Document[P[x]]"


def test_hidden_from_assistive_software_is_no_content() -> None:
    found = read('<p>x<span aria-hidden="true">*<a href="https://example.org/">y</a></span></p>')
    assert str(found.document) == "Document[P[x]]"
    assert "/Annots" not in found.pdf.pages[0]


def test_link_that_leads_nowhere_is_no_link() -> None:
    assert tree('<p><a id="x">anchor</a></p>') == "Document[P[Span[anchor]]]"


def test_faint_words_are_content_too(specimen: StructureTree) -> None:
    [faint] = [p for p in specimen.document.all("P") if p.words.startswith("In faint ink")]
    assert faint.words == f"In faint ink elsewhere . {WORDS}".strip()


def test_text_in_a_group_is_in_a_paragraph() -> None:
    assert tree("<div>Bare <em>words</em><p>Block</p></div>") == "Document[Div[P[Bare Em[words]] P[Block]]]"


@pytest.mark.parametrize(
    ("levels", "expected"),
    [("123", "123"), ("135", "123"), ("3232", "1121"), ("1424", "1223"), ("2413", "1212"), ("16361", "12231")],
)
def test_heads_skip_no_level(levels: str, expected: str) -> None:
    document = Element("Document", [Element(f"H{level}", [Content(0, None, 0)]) for level in levels])
    tidy(document)
    assert "".join(head.role[1:] for head in document.elements) == expected


# The engine


def test_the_tag_step_has_the_engine_s_parameters() -> None:
    assert [*inspect.signature(add_tags).parameters] == [
        *inspect.signature(weasyprint.pdf.tags.add_tags).parameters
    ]


def test_all_that_is_said_once_is_there_once(specimen: StructureTree) -> None:
    words: Any = specimen.document.words
    for said in ("Drafted in two hands.", "Translated below.", "An end note.", "Never called.", "Ships by year"):
        assert words.count(said) == 1
