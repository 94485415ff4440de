"""TEI unlike the series: early books, letters, plays, corpora, indexes; and files that no edition can be made of."""

from __future__ import annotations

from pathlib import Path

import pytest
from tei_sample import HEADER, Sample, imported, letter, sample, written
from typer.testing import CliRunner

from edition.cli import app
from edition.findings import EditionError
from edition.importers import tei
from edition.model import Division

# Early printed books


EARLY_BOOK = """
<front><div type="title_page"><pb facs="tcp:1:1"/><p>THE <hi>ART</hi> OF LAMPS.</p></div></front>
<body><div type="chapter" n="1"><head>CHAP. I. <hi>Of wicks.</hi></head>
<argument><p>The argument.</p></argument>
<epigraph><q>Fiat lux.</q><bibl>Gen. 1</bibl></epigraph>
<p><seg rend="decorInit">W</seg>Icks<note n="a" place="margin">Of flax.</note> burn w<g ref="char:EOLhyphen"/>ell,
<pb n="2" facs="tcp:1:2"/>and <gap reason="illegible"><desc>•</desc></gap>il<note place="margin">See <hi>Pliny</hi>.</note>
<milestone unit="x"/>too.</p><trailer>FINIS.</trailer></div></body>
"""


def test_an_early_printed_book(tmp_path: Path) -> None:
    made = sample(tmp_path, EARLY_BOOK)
    assert made.body("d1") == "[Page []]{#page-unnumbered-1 facs=tcp:1:1}\n\nTHE *ART* OF LAMPS."
    assert made.document("d2").title
    assert made.body("d2") == (
        "The argument.\n\n> Fiat lux.\n\nGen. 1\n\n"
        "WIcks[^a] burn well, [Page 2]{facs=tcp:1:2} and [•]{.gap reason=illegible}il[^1] too.\n\nFINIS.\n\n"
        "[^a]: Of flax.\n[^1]: See *Pliny*."
    )
    assert set(made.codes) == {"I108", "I109"}


LINES_OF_A_BOOK = """
<body><div><pb n="1" facs="#f1"/><fw type="header">Die Lampe.</fw><head>Erſtes Kapitel.</head><lb/>
<p>Die Flam\u00ad<lb break="no"/>me brennt.<note place="foot" n="*)">Siehe <hi rendition="#i">Plin.</hi></note></p></div></body>
"""


def test_a_line_end_in_a_word_breaks_no_word(tmp_path: Path) -> None:
    made = sample(tmp_path, LINES_OF_A_BOOK)
    assert 'title: "[Page 1]{facs=#f1} Erſtes Kapitel."' in made.saved()
    assert made.codes == ["I106"]
    assert made.body() == "Die Flam\u00adme brennt.[^*)]\n\n[^*)]: Siehe *Plin.*"


# Letters


def test_an_edition_of_letters(tmp_path: Path) -> None:
    text = (
        '<body><div type="letter" xml:id="l1"><head>Quill to Reed</head>'
        '<opener><dateline><placeName>Tidewater</placeName>, <date when="1901-05-01">1 May</date></dateline>'
        "<salute>Dear Reed,</salute></opener>"
        "<p>I saw <app><lem>lamps</lem><rdg>lights</rdg></app> and <choice><abbr>Dr</abbr><expan>Doctor</expan></choice> Reed"
        "<note><p>One.</p><p>Two.</p></note> <subst><del>by</del><add>at</add></subst> night.</p>"
        "<closer><salute>Yours</salute><signed>Quill</signed></closer><note type='source'>MS in the office.</note></div></body>"
    )
    made = sample(tmp_path, text)
    assert made.document("l1").date == "1901-05-01"
    assert made.body("l1") == (
        "::: dateline\nTidewater, 1 May\n:::\n\n::: salute\nDear Reed,\n:::\n\n"
        "I saw lamps [lights]{.supplied} and Dr [Doctor]{.supplied} Reed[^1] [by]{.del}[at]{.add} night.\n\n"
        "::: salute\nYours\n:::\n\n::: signed\nQuill\n:::\n\n::: source-note\nMS in the office.\n:::\n\n"
        "[^1]: One.\n\n    Two."
    )


def test_variants_with_notes_and_blocks(tmp_path: Path) -> None:
    text = letter(
        "<p>A <app><rdg>first</rdg>\n<note n='1'>In B.</note> <rdg>second</rdg></app> b</p>"
        "<app><lem><p>One.</p></lem><rdg><p>Two.</p></rdg></app>"
    )
    assert sample(tmp_path, text).body() == "A first[^1] [second]{.supplied} b\n\nOne.\n\nTwo.\n\n[^1]: In B."


END_NOTES = """
<body><div type="letter" xml:id="a"><p>Oil<ref target="#n1">*</ref> and gas<ptr target="#n2"/>, again <ref target="#n1">(*)</ref>;
<ref target="#n1">see the note on oil</ref>.</p></div>
<div type="letter" xml:id="b"><p>More<ref target="#n1">*</ref>.</p></div></body>
<back><div type="notes" xml:id="c"><head>Notes</head><note xml:id="n1" n="*">Of whales.</note><note xml:id="n2">Of coal.</note>
<note xml:id="n3">Called by nobody.</note></div></back>
"""


def test_references_that_print_a_mark_call_the_note_and_others_keep_their_words(tmp_path: Path) -> None:
    made = sample(tmp_path, END_NOTES)
    assert made.body("a") == (
        "Oil[^*] and gas[^1], again [^*]; [see the note on oil](#a-n*).\n\n[^*]: Of whales.\n[^1]: Of coal."
    )
    assert made.body("b") == "More[^*].\n\n[^*]: Of whales."
    assert made.body("c") == "::: headnote\nCalled by nobody.\n:::"


def test_persons_in_the_header_and_what_stands_beside_the_text(tmp_path: Path) -> None:
    persons = (
        '<person xml:id="p1"><persName><surname>Reed</surname>, <forename>Ann</forename></persName>'
        "<birth>1850</birth><note>Warden.</note></person>"
    )
    header = HEADER.replace(
        "</teiHeader>",
        f"<profileDesc><particDesc><listPerson>{persons}</listPerson></particDesc></profileDesc></teiHeader>",
    )
    beside = "<standOff><listPlace><place><placeName>Pier</placeName></place></listPlace></standOff>"
    facsimile = '<facsimile><surface><graphic url="x.png"/></surface></facsimile>'
    text = letter('<p><persName ref="#p1">Mrs Reed</persName></p>')
    made = sample(tmp_path, text, header=header + beside + facsimile)
    assert [(n.id, n.name, n.description) for n in made.edition.persons] == [("p1", "Reed, Ann", "1850, Warden.")]
    assert made.body() == "[Mrs Reed]{.person ref=p1}"
    assert [str(f).split(" ", 1)[1] for f in made.findings] == [
        "I118 `standOff` stands beside the text and is not printed"
    ]


# Plays and verse


def test_a_play(tmp_path: Path) -> None:
    text = (
        "<front><castList><head>Persons</head><castItem><role>QUILL</role>, <roleDesc>a clerk</roleDesc></castItem>"
        "<castGroup><head>Sailors</head><castItem><role>REED</role></castItem></castGroup></castList></front>"
        '<body><div type="act"><head>ACT I</head><stage>Enter QUILL.</stage><sp><speaker>QUILL.</speaker>'
        "<l>Who trims <stage>(aside)</stage> the lamp?</l><p>Not <stage>exit</stage> I.</p></sp></div></body>"
    )
    made = sample(tmp_path, text)
    assert made.body("front-text") == "{.center}\nPersons\n\nQUILL, a clerk\n\n{.center}\nSailors\n\nREED"
    assert made.body("d1") == (
        "Enter QUILL.\n\nQUILL.\n\n::: verse\nWho trims (aside) the lamp?\n:::\n\nNot exit I."
    )
    assert made.codes == []


def test_line_breaks_and_page_breaks_between_lines_of_verse(tmp_path: Path) -> None:
    text = letter('<lg><head>I</head><l>One</l><lb/>\n<l>two</l>\n<pb n="3"/>\n<l>three</l><pb n="4"/></lg>')
    assert sample(tmp_path, text).body() == "::: verse\n{.center}\nI\n\nOne\ntwo\n[Page 3] three\n[Page 4]\n:::"


def test_works_in_a_list_and_in_a_sentence(tmp_path: Path) -> None:
    text = letter(
        "<listBibl><bibl>A. <title>Lamps</title></bibl><biblStruct><monogr><title>Oil</title></monogr></biblStruct></listBibl>"
        "<p>See <bibl>A, <title>Lamps</title></bibl>, p. 3, <cit><quote>so bright</quote> <bibl>(Reed)</bibl></cit>.</p>"
    )
    assert sample(tmp_path, text).body() == "A. Lamps\n\nOil\n\nSee A, Lamps, p. 3, so bright (Reed)."


# Corpora


def test_a_corpus_of_files(tmp_path: Path) -> None:
    file = (
        "<TEI {}><teiHeader><fileDesc><titleStmt><title>{}</title></titleStmt></fileDesc></teiHeader>"
        "<text><body>{}</body></text></TEI>"
    )
    chapters = "".join(f'<div type="chapter"><head>{name}</head><p>Gas.</p></div>' for name in ("One", "Two"))
    path = tmp_path / "corpus.xml"
    path.write_text(
        '<teiCorpus xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>All Papers</title>'
        "</titleStmt></fileDesc></teiHeader>\n"
        + file.format('xml:id="t1"', "First Letter", '<p>Oil<note n="1">Whale.</note></p>')
        + "<teiCorpus>\n"
        + file.format("", "A Book", chapters)
        + "</teiCorpus></teiCorpus>",
        encoding="utf-8",
    )
    made = imported(path, tmp_path / "edition")
    assert made.edition.title == "All Papers"
    assert made.saved("t1") == "---\nid: t1\ntitle: First Letter\n---\n\nOil[^1]\n\n[^1]: Whale.\n"
    division = made.edition.contents[-1]
    assert isinstance(division, Division)
    assert [getattr(entry, "id", "") for entry in division.contents] == ["d1", "d2"]


# The index


def test_entries_of_an_index(tmp_path: Path) -> None:
    text = letter(
        "<index><term>First</term></index><p>Lamps<index><term>Lamps</term><index><term>oil</term></index>"
        "<index><term>gas</term></index></index> burn; <index spanTo='#end'><term>Trade</term></index>oil is sold.</p>"
        "<p>Gas is not.<anchor xml:id='end'/></p><p>So<index spanTo='#none'><term>Lost</term></index> it is.</p>"
    )
    made = sample(tmp_path, text)
    assert made.body() == (
        '[]{.index entry=First}Lamps[]{.index entry="Lamps > oil"}[]{.index entry="Lamps > gas"} burn; '
        "[]{.index entry=Trade passage=begin}oil is sold.\n\nGas is not.[]{.index entry=Trade passage=end}\n\n"
        "So[]{.index entry=Lost} it is."
    )
    assert made.codes == ["I124"]


def test_an_entry_before_the_head_opens_the_title(tmp_path: Path) -> None:
    made = sample(tmp_path, letter("<p>a</p>", head="<index><term>Oil</term></index><head>Lamps</head>"))
    assert 'title: "[]{.index entry=Oil}Lamps"' in made.saved()


# What stands in the wrong place


def test_a_document_in_an_unknown_element_is_a_document(tmp_path: Path) -> None:
    inner = """<div type="document" xml:id="d1"><p>a<note n="1">y</note></p></div>"""
    made = sample(tmp_path, f'<body><crate><p>Loose<note n="1">x</note></p>{inner}</crate></body>')
    assert [document.id for document in made.edition.documents] == ["text-text", "d1"]
    assert made.codes == ["I105"]


def test_a_page_break_in_an_empty_paragraph_between_documents_waits_for_the_next(tmp_path: Path) -> None:
    parts = [f'<div type="document" xml:id="{name}"><head>{name}</head><p>a</p></div>' for name in ("d1", "d2")]
    made = sample(tmp_path, f'<body>{parts[0]}<p><pb n="7"/></p>{parts[1]}</body>')
    assert 'title: "[Page 7] d2"' in made.saved("d2")


@pytest.mark.parametrize("number", ["1 2", "x]y", "[12", "recto {1}", "é", "\\", "*", "12 [bis]"])
def test_strange_numbers_of_pages(tmp_path: Path, number: str) -> None:
    made = sample(tmp_path, letter(f'<p>a <pb n="{number}"/>b</p>'))
    (found,) = [node for node in made.document().blocks[0].inlines if hasattr(node, "page")]  # type: ignore[union-attr]
    assert str(found.page).strip("[]").split() == number.replace("[", " ").replace("]", " ").split()  # type: ignore[union-attr]


@pytest.mark.parametrize("mark", ["]", "^", "{x}", "1:", "very long with spaces", "[1]", "*)"])
def test_strange_marks_of_notes(tmp_path: Path, mark: str) -> None:
    (note,) = sample(tmp_path, letter(f'<p>a<note n="{mark}">b</note></p>')).document().notes
    assert (note.mark or note.label) == mark


def test_languages_that_are_none(tmp_path: Path) -> None:
    text = '<text xml:lang="no language"><body><div><p xml:lang="x y">a</p></div></body></text>'
    path = tmp_path / "volume.xml"
    path.write_text(f"<TEI>{text}</TEI>", encoding="utf-8")
    made = imported(path, tmp_path / "edition")
    assert made.edition.language == "en"
    assert made.codes == ["I119", "I119"]


# Encodings


def test_text_in_utf_16_and_latin_1_and_sections_of_characters(tmp_path: Path) -> None:
    for encoding in ("utf-16", "iso-8859-1"):
        path = tmp_path / f"{encoding}.xml"
        text = f'<?xml version="1.0" encoding="{encoding}"?><TEI><text><body><p>wo<?x y?>rd<!-- c --> é'
        path.write_bytes((text + " <![CDATA[<b> & ]]></p></body></text></TEI>").encode(encoding))
        assert imported(path, tmp_path / encoding).body("body-text") == "word é <b> &"


# What no edition can be made of


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "I101"),
        (b"\0" * 100, "I101"),
        (bytes(range(256)), "I101"),
        ("<TEI><text><p>é</p></text></TEI>".encode("latin-1"), "I101"),
        (written(letter("<p>a</p>")).encode()[:-60], "I101"),
        (b"<TEI><text><p>a\xc2\x85b</p></text></TEI>", "I122"),
        (b"<TEI><text><p>a</p><pb n='\xe2\x80\xa8'/></text></TEI>", "I122"),
        (b"<TEI><text><p>a<pb n='" + b"7" * 61 + b"'/></p></text></TEI>", "I123"),
        (b"<TEI><text><p>a<note n='" + b"7" * 61 + b"'/></p></text></TEI>", "I123"),
        (b"<TEI><text><p>" + b"<hi>" * 90 + b"a" + b"</hi>" * 90 + b"</p></text></TEI>", "I117"),
        (b"<TEI><text>" + b"<div type='chapter'><head>a</head>" * 40 + b"<p>a</p>" + b"</div>" * 40 + b"</text></TEI>", "I117"),
        (b"<teiCorpus><TEI><teiHeader/></TEI></teiCorpus>", "I104"),
        (b"<TEI><text><p rend='" + b"x" * 11_000_000 + b"'>a</p></text></TEI>", "I101"),
    ],
    ids=[
        "empty", "zeros", "bytes", "latin", "cut off", "control", "control in a number", "long number", "long mark",
        "deep italics", "deep divisions", "corpus without text", "huge attribute",
    ],
)  # fmt: skip
def test_what_cannot_be_imported_is_a_finding_with_its_line(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "volume.xml"
    path.write_bytes(content)
    result = CliRunner().invoke(app, ["import", "tei", str(path), "--into", str(tmp_path / "edition")])
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 1
    assert f"{path}:" in result.output
    assert code in result.output
    assert not (tmp_path / "edition").exists()


def test_lines_beyond_65535_are_right(tmp_path: Path) -> None:
    path = tmp_path / "volume.xml"
    path.write_text(written(letter("<p>a</p>\n" * 70_000 + '<p><ref target="#no">b</ref></p>')), encoding="utf-8")
    (finding,) = tei.read(path).findings
    assert finding.place
    assert finding.place.line == path.read_text("utf-8").split("#no")[0].count("\n") + 1


def test_a_hundred_elements_deep_and_one_more(tmp_path: Path) -> None:
    path = tmp_path / "volume.xml"
    for depth, fine in ((97, True), (98, False)):
        path.write_text("<TEI><text><p>" + "<seg>" * depth + "a" + "</seg>" * depth + "</p></text></TEI>", "utf-8")
        if fine:
            assert isinstance(imported(path, tmp_path / "edition"), Sample)
        else:
            with pytest.raises(EditionError, match="I103"):
                tei.read(path)
