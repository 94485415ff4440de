"""What TEI's elements become in a document, one construct a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tei_sample import letter, sample

from edition.importers.tei.elements import ELEMENTS
from edition.model import Container, Enclosure, Heading, ItemList, OriginalPage, Paragraph, Quote, Table

# Documents


def test_title_source_note_and_fields(tmp_path: Path) -> None:
    text = letter(
        '<note rend="inline" type="source">File 12/3</note>'
        '<head><hi rend="italic">The Clerk to the <gloss type="to">Warden</gloss></hi>'
        ' (<persName type="from" corresp="#p_Q">Quill</persName>)</head>'
        '<dateline><placeName>Tidewater</placeName>, <date when="1901-05-02">May 2, 1901</date>.</dateline>'
        "<p>The mole is\n      finished.</p>",
        head="",
    )
    assert sample(tmp_path, text).saved() == (
        "---\nid: d1\n"
        'title: "*The Clerk to the Warden* ([Quill]{.person ref=p_Q})"\n'
        "source-note: File 12/3\ndate: 1901-05-02\nplace: Tidewater\nfrom: Quill\nto: Warden\n---\n\n"
        "::: dateline\nTidewater, May 2, 1901.\n:::\n\nThe mole is finished.\n"
    )


def test_two_source_notes_before_the_head_are_two_lines(tmp_path: Path) -> None:
    note = '<note rend="inline" type="source">{}</note>'
    text = letter(f"{note.format('No. 4')}{note.format('[Extract]')}<head>Title</head><p>Words.</p>", head="")
    assert "source-note: |-\n  No. 4\\\n  [Extract]" in sample(tmp_path, text).saved()


def test_source_notes_elsewhere_stay_where_they_stand(tmp_path: Path) -> None:
    text = letter('<p>One.</p><note rend="inline" type="source">[Translation]</note><p>Two.</p>')
    assert sample(tmp_path, text).body() == "One.\n\n::: source-note\n[Translation]\n:::\n\nTwo."


def test_a_closer_of_a_signature_alone_is_a_signature(tmp_path: Path) -> None:
    text = letter(
        '<closer><signed><hi rend="smallcaps">A. Quill</hi>,<lb/><hi rend="italic">Clerk</hi></signed></closer>'
    )
    assert sample(tmp_path, text).body() == "::: signed\n[A. Quill]{.sc},\\\n*Clerk*\n:::"


def test_a_closer_with_words_of_its_own_stays_around_the_signature(tmp_path: Path) -> None:
    text = letter("<closer>I remain, etc.,<signed>Quill</signed></closer>")
    (closer,) = sample(tmp_path, text).document().blocks
    assert isinstance(closer, Container)
    assert [type(block) for block in closer.blocks] == [Paragraph, Container]


def test_opener_salute_postscript_and_address(tmp_path: Path) -> None:
    text = letter(
        "<opener><dateline>Pier 3</dateline><salute>Sir:</salute></opener><p>Words.</p>"
        "<postscript><p>The lamp is out.</p></postscript>"
        "<address><addrLine>The Warden,</addrLine><addrLine>Tidewater.</addrLine></address>"
    )
    assert sample(tmp_path, text).body() == (
        "::: dateline\nPier 3\n:::\n\n::: salute\nSir:\n:::\n\nWords.\n\n"
        "::: postscript\nThe lamp is out.\n:::\n\n::: address\nThe Warden,\nTidewater.\n:::"
    )


def test_alignments_of_paragraphs(tmp_path: Path) -> None:
    text = letter('<p rend="center">A</p><p rend="right">B</p><p rend="flushleft">C</p>')
    assert sample(tmp_path, text).body() == "{.center}\nA\n\n{.right}\nB\n\n{.left}\nC"


def test_lists_and_tables_in_a_paragraph_part_it(tmp_path: Path) -> None:
    text = letter(
        "<p>Before <list><item>one</item></list> between <table><row><cell>x</cell></row></table> after.</p>"
    )
    kinds = [type(block) for block in sample(tmp_path, text).document().blocks]
    assert kinds == [Paragraph, ItemList, Paragraph, Table, Paragraph]


def test_block_quotes_are_blocks_and_others_are_text(tmp_path: Path) -> None:
    text = letter(
        '<p>He wrote: <quote rend="blockquote"><p>Come.</p></quote></p><p>A <quote>short</quote> one.</p>'
    )
    blocks = sample(tmp_path, text).document().blocks
    assert [type(block) for block in blocks] == [Paragraph, Quote, Paragraph]


def test_a_second_head_is_a_heading(tmp_path: Path) -> None:
    text = letter("<head>Second</head><p>Words.</p>")
    assert sample(tmp_path, text).body() == "# Second\n\nWords."


def test_verse(tmp_path: Path) -> None:
    text = letter("<lg><l>One line</l><l>and another</l></lg>")
    assert sample(tmp_path, text).body() == "::: verse\nOne line\nand another\n:::"


def test_a_language_of_its_own(tmp_path: Path) -> None:
    text = letter('<p>He said <foreign xml:lang="fr">bonjour</foreign>.</p><p xml:lang="es">Buenos días.</p>')
    assert sample(tmp_path, text).body() == "He said [bonjour]{lang=fr}.\n\n[Buenos días.]{lang=es}"


# Running text


def test_renderings_nested_and_side_by_side(tmp_path: Path) -> None:
    text = letter(
        '<p><hi rend="italic">Fresh <hi rend="strong">paint</hi></hi><hi rend="italic">, wet</hi>'
        ' H<hi rend="subscript">2</hi>O 1<hi rend="superscript">st</hi> <hi rend="underline">now</hi></p>'
    )
    assert sample(tmp_path, text).body() == "*Fresh **paint**, wet* H[2]{.sub}O 1[st]{.sup} [now]{.u}"


def test_spaces_stand_outside_of_italics(tmp_path: Path) -> None:
    text = letter('<p>the <hi rend="italic"> Sea Gull </hi>sails</p>')
    assert sample(tmp_path, text).body() == "the *Sea Gull* sails"


def test_a_line_break_never_glues_words(tmp_path: Path) -> None:
    text = letter("<p>Office,<lb/>Tidewater</p>", head="<head>Of State,<lb/>Tidewater</head>")
    made = sample(tmp_path, text)
    assert made.body() == "Office,\\\nTidewater"
    assert "title: |-\n  Of State,\\\n  Tidewater" in made.saved()


def test_words_in_the_margin(tmp_path: Path) -> None:
    text = letter('<p>of the channel <seg type="margin">[12]</seg>and the bar <seg type="margin">Page 9</seg></p>')
    assert sample(tmp_path, text).body() == "of the channel [[12]]{.margin}and the bar [Page 9]{.margin}"


def test_what_looks_like_markup_is_text(tmp_path: Path) -> None:
    text = letter("<p>1. S[umner] * * * and *this | {that} [^1] a_b [Page 9]</p><p># no head</p><p>- no item</p>")
    body = sample(tmp_path, text).body()
    for words in ("S[umner] * * *", "\\[^1]", "a_b", "\\# no head", "\\- no item"):
        assert words in body


def test_a_name_is_a_span_only_where_it_refers_to_someone(tmp_path: Path) -> None:
    text = letter('<p><persName corresp="#p_Q">Quill</persName> and <persName>Reed</persName></p>')
    assert sample(tmp_path, text).body() == "[Quill]{.person ref=p_Q} and Reed"


def test_an_unknown_element_is_unwrapped_and_reported_once(tmp_path: Path) -> None:
    made = sample(tmp_path, letter("<p>A <wobble>b</wobble> <wobble>c</wobble></p><crate><p>In it.</p></crate>"))
    assert made.body() == "A b c\n\nIn it."
    assert [str(f).split(" ", 1)[1] for f in made.findings] == [
        "I105 the element `wobble` is not known (2 times, on line 15); its text is kept; see docs/tei.md",
        "I105 the element `crate` is not known; its text is kept; see docs/tei.md",
    ]


def test_supplied_unclear_deleted_and_gaps(tmp_path: Path) -> None:
    text = letter(
        "<p>the <del>old</del> <add>new</add> l<supplied>amp</supplied> "
        '<unclear reason="faded">oil</unclear> '
        '<gap reason="torn">...</gap> <choice><sic>recieved</sic><corr>received</corr></choice></p>'
    )
    assert sample(tmp_path, text).body() == (
        "the [old]{.del} [new]{.add} l[amp]{.supplied} [oil]{.unclear reason=faded} "
        "[...]{.gap reason=torn} recieved [received]{.supplied}"
    )


# Notes


def test_marks_that_repeat_have_labels_that_differ(tmp_path: Path) -> None:
    text = letter(
        '<p>a<note n="*" xml:id="d1fn1">One.</note><pb n="2" xml:id="pg_2"/>'
        ' b<note n="*" xml:id="d1fn2">Two.</note> c<note n="40b" xml:id="d1fn3">Three.</note></p>'
    )
    assert sample(tmp_path, text).body() == (
        'a[^*] [Page 2] b[^*-2] c[^40b]\n\n[^*]: One.\n[^*-2]{mark="*"}: Two.\n[^40b]: Three.'
    )


def test_a_repeated_note_is_one_note_with_two_calls(tmp_path: Path) -> None:
    note = '<note n="3" xml:id="{}">Not  printed.</note>'
    made = sample(tmp_path, letter(f"<p>a{note.format('fn1')} b{note.format('fn2')}</p>"))
    assert made.body() == "a[^3] b[^3]\n\n[^3]: Not printed."
    assert made.codes == ["I107"]


@pytest.mark.parametrize(
    "second", ['<note n="3">Other.</note>', '<pb n="2"/> <note n="3">Same.</note>', '<note n="4">Same.</note>']
)
def test_notes_that_differ_in_mark_text_or_page_stay_two(tmp_path: Path, second: str) -> None:
    made = sample(tmp_path, letter(f'<p>a<note n="3">Same.</note> b{second}</p>'))
    assert len(made.document().notes) == 2


@pytest.mark.parametrize("look", ['rend="superscript"', 'rend="sup italic"', 'rendition="#superscript"'])
@pytest.mark.parametrize("mark", ["1", "*"])
def test_a_raised_sign_that_is_the_mark_of_the_note_after_it_is_its_call(
    tmp_path: Path, look: str, mark: str
) -> None:
    text = f'<p>a<hi {look}>{mark}</hi> <note n="{mark}">One.</note> b</p>'
    made = sample(tmp_path, letter(text))
    assert made.body() == f"a[^{mark}] b\n\n[^{mark}]: One."


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('<hi rend="superscript">2</hi>', "[2]{.sup}"),
        ('<hi rend="superscript">1</hi>,', "[1]{.sup},"),
        ('<hi rend="italic">1</hi>', "*1*"),
        ('<hi rend="superscript">1</hi><!-- a comment -->', "[1]{.sup}"),
    ],
)
def test_other_signs_before_a_note_are_text(tmp_path: Path, text: str, kept: str) -> None:
    made = sample(tmp_path, letter(f'<p>a{text}<note n="1">One.</note> b</p>'))
    assert made.body() == f"a{kept}[^1] b\n\n[^1]: One."


@pytest.mark.parametrize(
    "content",
    [
        "<head>Head{}</head>",
        "<dateline>Pier{}</dateline>",
        "<closer>Yours{}<signed>Q{}</signed></closer>",
        "<list><label>One{}</label><item>item{}</item></list>",
        "<table><row><cell>cell{}</cell></row></table>",
        '<quote rend="blockquote"><p>quote{}</p></quote>',
        "<postscript><p>post{}</p></postscript>",
        "<p>a</p>{}<p>after a paragraph</p>",
        '<note rend="inline" type="source">[Copy]</note>{}<p>after a source note</p>',
        "<p>in a note<note n='1'>outer{}</note></p>",
    ],
)
def test_notes_are_called_from_everywhere(tmp_path: Path, content: str) -> None:
    text = letter(content.format('<note n="8">First.</note>', '<note n="9">Second.</note>'))
    made = sample(tmp_path, text)
    assert "[^8]: First." in made.saved()
    assert made.saved().count("[^8]") == 2


def test_a_note_holds_paragraphs_lists_and_tables(tmp_path: Path) -> None:
    text = letter(
        '<p>a<note n="1"><p>One.</p><list><item>x</item></list><table><row><cell>y</cell></row></table></note></p>'
    )
    (note,) = sample(tmp_path, text).document().notes
    assert [type(block) for block in note.blocks] == [Paragraph, ItemList, Table]


def test_a_note_without_a_mark_among_blocks_is_a_headnote(tmp_path: Path) -> None:
    text = letter("<note>Printed from a press copy.</note><p>Words.</p>")
    assert sample(tmp_path, text).body() == "::: headnote\nPrinted from a press copy.\n:::\n\nWords."


def test_a_note_without_a_mark_in_running_text_is_numbered(tmp_path: Path) -> None:
    made = sample(tmp_path, letter("<p>a<note>One.</note> b<note>Two.</note></p>"))
    assert made.body() == "a[^1] b[^2]\n\n[^1]: One.\n[^2]: Two."
    assert made.codes == ["I108"]


def test_the_space_before_a_call_goes_where_another_follows(tmp_path: Path) -> None:
    text = letter('<p>the bar\n  <note n="1">It moved.</note> is shallow</p>')
    assert sample(tmp_path, text).body() == "the bar[^1] is shallow\n\n[^1]: It moved."


# Original pages


def test_page_breaks_as_printed(tmp_path: Path) -> None:
    text = letter(
        '<p>a <pb n="iv" xml:id="pg_iv" facs="0009"/>b <pb n="[665]" xml:id="pg_665"/>'
        'c <pb n="[]" xml:id="pg-seq-7"/>d <pb n="9" xml:id="pg_9"/>e <pb n="9" xml:id="pg_9bis"/>f</p>'
    )
    assert sample(tmp_path, text).body() == (
        "a [Page iv]{facs=0009} b [Page [665]] c [Page []]{#pg-seq-7} d [Page 9] e [Page 9]{#pg_9bis} f"
    )


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ('<p>word<pb n="2"/>word</p>', "word [Page 2] word"),
        ('<p>word <pb n="2"/>word</p>', "word [Page 2] word"),
        ('<p>wo<pb n="2" break="no"/>rd</p>', "wo[Page 2]rd"),
        ('<p>“<pb n="2"/>Come.</p>', "“[Page 2]Come."),
        ('<p>a</p><pb n="2"/><p>b</p>', "a\n\n[Page 2]\n\nb"),
        ('<p><hi rend="italic">a <pb n="2"/>b</hi></p>', "*a [Page 2] b*"),
        ('<closer><signed>Q<pb n="2"/>uill</signed></closer>', "::: signed\nQ [Page 2] uill\n:::"),
    ],
)
def test_page_breaks_part_words_and_break_none(tmp_path: Path, content: str, body: str) -> None:
    assert sample(tmp_path, letter(content)).body() == body


def test_page_breaks_in_items_and_between_them(tmp_path: Path) -> None:
    text = letter('<list><item>a <pb n="2"/>b</item><pb n="3"/><item>c</item><pb n="4"/></list>')
    assert sample(tmp_path, text).body() == "- a [Page 2] b\n- [Page 3] c\n\n[Page 4]"


def test_a_page_break_before_the_head_opens_the_title(tmp_path: Path) -> None:
    made = sample(tmp_path, letter('<pb n="7" xml:id="pg_7"/><head>Title</head><p>Words.</p>', head=""))
    assert 'title: "[Page 7] Title"\nstart-page: "7"' in made.saved()


def test_of_several_page_breaks_before_the_head_the_first_with_a_number_is_the_start_page(tmp_path: Path) -> None:
    text = letter('<pb n="[]"/><pb n="[II]"/><pb n="III"/><head>Title</head><p>Words.</p>', head="")
    assert 'start-page: "[II]"' in sample(tmp_path, text).saved()


def test_a_page_break_before_the_source_note_opens_it(tmp_path: Path) -> None:
    note = '<note rend="inline" type="source">File 1</note>'
    made = sample(tmp_path, letter(f'<pb n="7"/>{note}<head>Title</head><p>Words.</p>', head=""))
    assert 'source-note: "[Page 7] File 1"\nstart-page: "7"' in made.saved()


def test_the_start_page_is_the_page_that_the_text_has_reached(tmp_path: Path) -> None:
    document = '<div type="document" xml:id="{}"><head>T</head><p>a {}</p></div>'
    text = "<body>" + document.format("d1", '<pb n="[5]"/>b') + document.format("d2", "") + "</body>"
    made = sample(tmp_path, text)
    assert made.document("d1").start_page is None
    assert made.document("d2").start_page == OriginalPage("5", False)


# Enclosures


def test_enclosures_nest_and_hold_documents(tmp_path: Path) -> None:
    inner = '<div type="document"><head>Deepest</head><p>c<note n="1">Of c.</note></p></div>'
    text = letter(
        '<p>a<note n="1">Of a.</note></p><frus:attachment xml:id="d1a1"><head>Outer</head>'
        f'<p>b<note n="1">Of b.</note></p><frus:attachment>{inner}</frus:attachment></frus:attachment>'
    )
    outer = sample(tmp_path, text).document().blocks[1]
    assert isinstance(outer, Enclosure)
    assert (outer.id, [note.label for note in outer.notes]) == ("d1a1", ["1"])
    middle = outer.blocks[2]
    assert isinstance(middle, Enclosure)
    (deepest,) = middle.blocks
    assert isinstance(deepest, Enclosure)
    assert isinstance(deepest.blocks[0], Heading)
    assert [note.label for note in deepest.notes] == ["1"]


def test_a_section_of_a_document_has_a_heading_with_its_id(tmp_path: Path) -> None:
    text = letter('<div xml:id="s1"><head>Section</head><p>a</p><div><head>Deeper</head><p>b</p></div></div>')
    assert sample(tmp_path, text).body() == "# Section {#s1}\n\na\n\n## Deeper\n\nb"


# Lists


def test_lists_six_levels_deep(tmp_path: Path) -> None:
    text = letter("<list><item>1" * 6 + "</item></list>" * 6)
    assert "          - 1" in sample(tmp_path, text).body()


def test_labels_and_items(tmp_path: Path) -> None:
    text = letter("<list><label>(a)</label><item>one</item><label>2.</label><item>two</item></list>")
    assert sample(tmp_path, text).body() == "(a)\n: one\n2.\n: two"


def test_items_with_labels_and_without_stand_in_two_lists(tmp_path: Path) -> None:
    text = letter("<list><item>plain</item><label>1.</label><item>one</item></list>")
    assert [type(block) for block in sample(tmp_path, text).document().blocks] == [ItemList, ItemList]


def test_a_list_in_a_signature(tmp_path: Path) -> None:
    text = letter("<closer><signed><list><item>Quill</item><item>Reed</item></list></signed></closer>")
    assert sample(tmp_path, text).body() == "::: signed\n- Quill\n- Reed\n:::"


def test_the_head_of_a_list_stands_above_it(tmp_path: Path) -> None:
    text = letter("<list><head>Present</head><item>Quill</item></list>")
    assert sample(tmp_path, text).body() == "{.center}\nPresent\n\n- Quill"


# References


def test_references_lead_to_pages_documents_notes_and_other_volumes(tmp_path: Path) -> None:
    text = letter(
        '<p>a<note n="1" xml:id="d1fn1">See <ref target="#pg_2">p. 2</ref>.</note> <pb n="2" xml:id="pg_2"/>b '
        '<ref target="#d1">letter</ref> <ref target="#d1fn1">note</ref> <ref target="hv01#pg_5">vol. I</ref> '
        '<ref target="hv03">vol. III</ref> <ref target="https://example.org/a">web</ref></p>'
    )
    made = sample(tmp_path, text)
    for link in (
        "[p. 2](#page-2)",
        "[letter](#d1)",
        "[note](#d1-n1)",
        "[vol. I](hv01#page-5)",
        "[vol. III](hv03#hv03)",
    ):
        assert link in made.body()
    assert "[web](https://example.org/a)" in made.body()
    assert made.codes == []


def test_references_that_lead_nowhere_are_text_and_reported(tmp_path: Path) -> None:
    text = letter(
        '<p><ref target="#in9">a</ref>\n<ref target="http//example">b</ref>\n<ref target="#it1">c</ref></p>'
        '<list><item xml:id="it1">x</item></list>'
    )
    made = sample(tmp_path, text)
    assert made.body().startswith("a b c")
    assert made.codes == ["I111", "I113", "I112"]
    lines = [finding.place.line for finding in made.findings if finding.place]
    assert lines == [lines[0], lines[0] + 1, lines[0] + 2]


# Pictures


def test_a_missing_picture_is_reported_and_its_text_kept(tmp_path: Path) -> None:
    made = sample(
        tmp_path, letter('<figure><graphic url="plan.png"/><head>The Mole</head><figDesc>Plan.</figDesc></figure>')
    )
    assert made.body() == "{.center}\nThe Mole\n\nPlan."
    assert made.codes == ["I110"]


@pytest.mark.parametrize("url", ["../secret.png", "/etc/plan.png", "file:///plan.png", ".hidden.png", "plan.exe"])
def test_pictures_elsewhere_are_not_looked_at(tmp_path: Path, url: str) -> None:
    (tmp_path / "plan.exe").write_bytes(b"x")
    assert sample(tmp_path, letter(f'<figure><graphic url="{url}"/></figure><p>a</p>')).codes == ["I110"]


def test_the_documentation_names_every_element() -> None:
    page = (Path(__file__).parents[2] / "docs" / "tei.md").read_text(encoding="utf-8")
    named = set(re.findall(r"[A-Za-z]+[0-9]?", " ".join(re.findall(r"(?<!`)`[^`\n]+`(?!`)", page))))
    assert {name for name in ELEMENTS if not re.fullmatch(r"div[0-7]", name)} - named == set()
