"""What becomes of a whole TEI file: contents, front matter, lists of persons, and files that do harm."""

from __future__ import annotations

from pathlib import Path
from time import monotonic, process_time

import pytest
from tei_sample import imported, letter, sample, written
from typer.testing import CliRunner

from edition.cli import app
from edition.findings import EditionError, Severity
from edition.importers import tei
from edition.model import Division, Enclosure, Entry, Generated, Heading, Image, Note, NoteCall, Paragraph, Text
from edition.walk import walk


def outline(entries: tuple[Entry, ...]) -> list[object]:
    """The contents tree as ids, kinds and lists."""
    made: list[object] = []
    for entry in entries:
        if isinstance(entry, Division):
            made.append((entry.kind, outline(entry.contents)))
        else:
            made.append(entry.kind if isinstance(entry, Generated) else entry.id)
    return made


def document(name: str, content: str = "<p>Words.</p>") -> str:
    return f'<div type="document" xml:id="{name}"><head>{name}</head>{content}</div>'


# The contents


def test_divisions_become_the_contents(tmp_path: Path) -> None:
    chapter = '<div type="chapter" xml:id="ch1"><head>Lamps</head>' + document("d1") + "</div>"
    subchapter = '<div type="subchapter" xml:id="s1"><head>Oil</head>' + document("d2") + "</div>"
    text = (
        f'<front><div type="section" xml:id="preface"><head>Preface</head><p>a</p></div></front>'
        f'<body><div type="compilation" xml:id="comp1"><head>Harbour:<lb/>Lights</head>{chapter}'
        f'<div type="chapter" xml:id="ch2"><head>Buoys</head>{subchapter}</div></div></body>'
        '<back><div type="section" xml:id="index"><head>Index</head>'
        '<list type="index"><item>Oil</item></list></div></back>'
    )
    made = sample(tmp_path, text)
    assert outline(made.edition.contents) == [
        "title-page", "imprint", "contents", ("front", ["preface"]),
        ("compilation", [("chapter", ["d1"]), ("chapter", [("subchapter", ["d2"])])]), ("back", ["index"]),
    ]  # fmt: skip
    assert [d.type for d in made.edition.documents] == ["preface", "", "", "index"]


def test_the_header_gives_the_fields(tmp_path: Path) -> None:
    made = sample(tmp_path, letter("<p>a</p>"), attributes='xml:id="hv02" xml:lang="en-GB"').edition
    assert (made.title, made.subtitle, made.volume) == (
        "Papers of the Harbour Office, 1901",
        "Letters",
        "Volume II",
    )
    assert (made.editors, made.place, made.publisher, made.year) == (
        ("Ada Quill",),
        "Tidewater",
        "Harbour Press",
        "1903",
    )
    assert (made.id, made.language, made.imprint) == ("hv02", "en-GB", "Set from the copy in the office.")


def test_a_file_without_a_header_is_named_after_itself(tmp_path: Path) -> None:
    assert sample(tmp_path, letter("<p>a</p>"), header="").edition.title == "volume"


def test_the_title_page_is_kept(tmp_path: Path) -> None:
    text = (
        '<front><pb n="[I]" xml:id="pg_I"/><titlePage><docTitle><titlePart>HARBOUR<lb/>PAPERS</titlePart>'
        "<titlePart>1901</titlePart></docTitle><byline/><docImprint><pubPlace>Tidewater</pubPlace><lb/>"
        '<publisher>Press</publisher> <docDate>1903</docDate><pb n="[II]"/>'
        '<hi rend="smallcaps">No</hi>. 4</docImprint>'
        f"</titlePage></front>{letter('<p>a</p>')}"
    )
    made = sample(tmp_path, text)
    assert made.saved("original-title-page") == (
        "---\nid: original-title-page\ntype: title-page\n"
        "title: |-\n  [Page [I]] HARBOUR\\\n  PAPERS\\\n  1901\n---\n\n"
        "Tidewater\\\nPress 1903 [Page [II]] [No]{.sc}. 4\n"
    )


def test_text_outside_any_division_keeps_its_place(tmp_path: Path) -> None:
    text = (
        f"<front><p>Loose.</p></front><body><p>Before.</p>{document('d1')}<p>Between.</p>{document('d2')}"
        "<p>After.</p></body>"
    )
    made = sample(tmp_path, text)
    assert [d.id for d in made.edition.documents] == [
        "front-text",
        "body-text",
        "d1",
        "body-text-2",
        "d2",
        "body-text-3",
    ]


def test_text_under_the_head_of_a_division_opens_it(tmp_path: Path) -> None:
    text = (
        f'<body><div type="chapter" xml:id="ch1"><head>Lamps</head><p>On lamps.</p>{document("d1")}</div></body>'
    )
    made = sample(tmp_path, text)
    assert outline(made.edition.contents)[3:] == [("chapter", ["ch1-text", "d1"])]
    assert made.body("ch1-text") == "On lamps."


def test_a_note_to_the_head_of_a_division_is_called_there(tmp_path: Path) -> None:
    text = (
        '<body><div type="chapter" xml:id="ch1"><head>Lamps<note n="1">Continued.</note> lit</head>'
        f"{document('d1')}</div></body>"
    )
    made = sample(tmp_path, text)
    division = made.edition.contents[3]
    assert isinstance(division, Division)
    assert division.title == (Text("Lamps"), NoteCall("1"), Text(" lit"))
    assert division.notes == (Note("1", (Paragraph((Text("Continued."),)),)),)
    assert made.codes == []


def test_page_breaks_before_heads_of_divisions_wait_for_a_document(tmp_path: Path) -> None:
    chapter = f'<div type="chapter"><head>Lamps</head><pb n="2"/>{document("d1")}<pb n="3"/></div>'
    text = (
        f'<body><pb n="1"/>{chapter}<div type="chapter"><head>Oil</head>{document("d2")}</div><pb n="4"/></body>'
    )
    made = sample(tmp_path, text)
    assert 'title: "[Page 1] [Page 2] d1"' in made.saved("d1")
    assert 'title: "[Page 3] d2"' in made.saved("d2")
    assert made.body("d2") == "Words.\n\n[Page 4]"


def test_a_chapter_without_documents_is_a_document(tmp_path: Path) -> None:
    chapter = '<div type="chapter" xml:id="memorial"><head>M</head><p>a</p></div>'
    text = f'<body><div type="compilation"><head>C</head>{chapter}</div></body>'
    assert outline(sample(tmp_path, text).edition.contents)[3:] == [("compilation", ["memorial"])]


def test_an_empty_division_is_kept(tmp_path: Path) -> None:
    chapter = '<div type="chapter"><head>{}</head>{}</div>'
    text = f"<body>{chapter.format('Empty', '')}{chapter.format('C', document('d1'))}</body>"
    assert outline(sample(tmp_path, text).edition.contents)[3:] == [("chapter", []), ("chapter", ["d1"])]


@pytest.mark.parametrize("identifier", ['xml:id="no good"', 'xml:id="title-page"', ""])
def test_ids_that_cannot_be_names_of_files_are_made_anew(tmp_path: Path, identifier: str) -> None:
    text = (
        f'<body><div type="document" {identifier.replace("no good", "né")}><p>a</p></div>{document("d1")}</body>'
    )
    assert [d.id for d in sample(tmp_path, text).edition.documents] == ["d2", "d1"]


def test_ids_that_stand_twice(tmp_path: Path) -> None:
    made = sample(
        tmp_path,
        f"<body>{document('d1')}{document('d1')}<pb xml:id='pg_1' n='1'/><pb xml:id='pg_1' n='1'/></body>",
    )
    assert [d.id for d in made.edition.documents] == ["d1", "d2"]
    assert made.body("d2") == "Words.\n\n[Page 1]\n\n[Page 1]{#pg_1}"


def test_ids_that_differ_only_in_capitals(tmp_path: Path) -> None:
    made = sample(tmp_path, f"<body>{document('Index')}{document('index')}</body>")
    assert len({d.id.lower() for d in made.edition.documents}) == 2


# Persons and terms


def test_lists_of_persons_and_terms(tmp_path: Path) -> None:
    text = (
        '<front><div type="section" xml:id="persons"><head>Persons</head><list type="names">'
        '<item><persName xml:id="p_Q">Quill, Ada</persName>, Clerk; later <hi rend="italic">Warden</hi>.</item>'
        '<item><hi rend="strong"><persName xml:id="p_R">Reed</persName></hi></item></list></div>'
        '<div type="section" xml:id="terms"><head>Terms</head><list>'
        '<item><term xml:id="t_H">H.O.</term>, Harbour Office</item></list></div></front>'
        + letter('<p><persName corresp="#p_Q">Quill</persName></p>')
    )
    made = sample(tmp_path, text)
    assert [(n.id, n.name, n.description) for n in made.edition.persons] == [
        ("p_Q", "Quill, Ada", "Clerk; later Warden."), ("p_R", "Reed", ""),
    ]  # fmt: skip
    assert [(n.id, n.name, n.description) for n in made.edition.terms] == [("t_H", "H.O.", "Harbour Office")]
    assert "- Quill, Ada, Clerk; later *Warden*." in made.body("persons")


# The file


def test_byte_order_mark_line_ends_instructions_and_comments(tmp_path: Path) -> None:
    text = written(letter("<p>One<!-- not this --> and<?pause?> two.</p>"))
    text = text.replace("<TEI", '<?xml-model href="schema.rnc"?>\n<!-- a volume -->\n<TEI', 1)
    path = tmp_path / "volume.xml"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert imported(path, tmp_path / "edition").body() == "One and two."


def test_tei_without_a_namespace(tmp_path: Path) -> None:
    path = tmp_path / "volume.xml"
    path.write_text(f"<TEI.2><text>{letter('<p>a</p>', attributes='')}</text></TEI.2>", encoding="utf-8")
    assert imported(path, tmp_path / "edition").body("d1") == "a"


def test_imported_twice_the_files_are_the_same(tmp_path: Path) -> None:
    text = letter('<p>a<note n="*">x</note> <ref target="#d1">b</ref></p>')
    folders = [tmp_path / "one", tmp_path / "two"]
    contents = []
    for folder in folders:
        folder.mkdir()
        made = sample(folder, text).folder
        contents.append({p.relative_to(made): p.read_bytes() for p in made.rglob("*") if p.is_file()})
    assert contents[0] == contents[1]


def test_odd_characters_are_reported_and_kept(tmp_path: Path) -> None:
    made = sample(tmp_path, letter("<p>Harbo\u0457r \u1196a Γένος мол \ufffd</p>"))
    assert [finding.code for finding in made.findings] == ["I116"] * 3
    assert "Harbo\u0457r \u1196a Γένος мол \ufffd" in made.body()


def test_pictures_that_are_there_come_along(tmp_path: Path) -> None:
    (tmp_path / "plates").mkdir()
    (tmp_path / "plates" / "mole.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    text = '<figure><graphic url="plates/mole.svg"/><head>The Mole</head></figure><p>a</p>'
    path = tmp_path / "volume.xml"
    path.write_text(written(letter(text)), encoding="utf-8")
    result = CliRunner().invoke(app, ["import", "tei", str(path), "--into", str(tmp_path / "new")])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "new" / "plates" / "mole.svg").is_file()
    again = CliRunner().invoke(app, ["import", "tei", str(path), "--into", str(tmp_path / "new")])
    assert again.exit_code == 1
    made = tei.read(path)
    assert any(isinstance(node, Image) for d in made.edition.documents for _, node in walk(d))


# Files that do harm


def refused(path: Path) -> str:
    with pytest.raises(EditionError) as caught:
        tei.read(path)
    (finding,) = caught.value.findings
    assert finding.severity is Severity.ERROR
    return str(finding).removeprefix(str(path))


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        ("", ":1:1: I101"),
        ("plain words", ":1:1: I101"),
        ("<TEI>\n<text><p>a</q></text></TEI>", ":2:15: I101"),
        ("<TEI><text><p>&nbsp;</p></text></TEI>", ":1:21: I101"),
        ("<html><body>no</body></html>", ":1:1: I104"),
        ("<TEI><text> <body/> </text></TEI>", ":1:1: I104"),
        ("<?xml version='1.0'?>\n<!-- x -->\n<!DOCTYPE TEI SYSTEM 'tei.dtd'><TEI/>", ":3:1: I102"),
        ("<!DOCTYPE T [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><TEI><text>&x;</text></TEI>", ":1:1: I102"),
        ("<TEI><text>" + "<hi>" * 150 + "a" + "</hi>" * 150 + "</text></TEI>", ":1:1: I103"),
        ("<TEI><text>" + "<hi>" * 9000, ":1: I101"),
        (
            "<TEI><text><p>a</p>\n<i:include href='b.xml' xmlns:i='http://www.w3.org/2001/XInclude'/></text></TEI>",
            ":2:1: I125",
        ),
    ],
    ids=[
        "empty",
        "no xml",
        "broken",
        "entity",
        "html",
        "nothing",
        "doctype",
        "external",
        "deep",
        "deeper",
        "include",
    ],
)
def test_broken_and_harmful_files_are_findings(tmp_path: Path, content: str, finding: str) -> None:
    path = tmp_path / "volume.xml"
    path.write_text(content, encoding="utf-8")
    found = refused(path)
    start, code = finding.split(" ")
    assert found.startswith(start.rstrip(":"))
    assert code in found


def test_a_hidden_declaration_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "volume.xml"
    path.write_bytes(
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE T [<!ENTITY x "y">]><TEI>&x;</TEI>'.encode("utf-16")
    )
    assert "I102" in refused(path)


def test_a_file_that_is_not_there_and_one_too_large(tmp_path: Path) -> None:
    assert "I101" in refused(tmp_path / "none.xml")
    large = tmp_path / "large.xml"
    large.write_bytes(b" " * (24 * 2**20 + 1))
    assert "larger" in refused(large)


def test_blocks_too_deep_for_a_content_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "volume.xml"
    path.write_text(written(letter("<list><item>" * 40 + "a" + "</item></list>" * 40)), encoding="utf-8")
    assert "I117" in refused(path)


@pytest.mark.parametrize(
    "content",
    ["<note n='*'>{}</note>", "<pb/>", "<lb/>{}", "<hi>{}</hi>", "<ref target='#x{}'>a</ref>", "<note>{}</note>"],
)
def test_many_of_one_kind_take_no_long_time(tmp_path: Path, content: str) -> None:
    path = tmp_path / "volume.xml"
    path.write_text(written(letter("<p>a" + "".join(map(content.format, range(8000))) + "</p>")), encoding="utf-8")
    start = process_time()
    tei.read(path)
    assert process_time() - start < 8


# Editions unlike the series


MONOGRAPH = """
<front><div type="preface"><head>Preface</head><p>Why lamps.</p></div></front>
<body>
<div type="part"><head>Part One</head>
<div type="chapter" xml:id="c1"><head>Oil</head>
<p>Oil burns<ref target="#n1">1</ref> and smokes<ptr target="#n2"/>; again<ref target="#n1">1</ref>.</p>
<div><head>Whale Oil</head><p>It smells<note place="end">So they said.</note>.</p></div>
</div></div>
<div type="part"><head>Part Two</head>
<div type="chapter" xml:id="c2"><head>Gas</head><p>Gas hisses.</p></div>
</div>
</body>
<back><div type="notes"><head>Notes</head>
<note xml:id="n1">At length.</note><note xml:id="n2" n="2">By night.</note>
</div></back>
"""


def test_a_monograph_with_notes_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "volume.xml"
    path.write_text(written(MONOGRAPH), encoding="utf-8")
    made = tei.read(path)
    assert outline(made.edition.contents)[3:5] == [("front", ["d1"]), ("part", ["c1"])]
    chapter = next(d for d in made.edition.documents if d.id == "c1")
    assert [note.label for note in chapter.notes] == ["1", "2", "3"]
    assert [isinstance(block, Heading) for block in chapter.blocks] == [False, True, False]
    words = [
        t.text
        for note in chapter.notes
        for b in note.blocks
        if isinstance(b, Paragraph)
        for t in b.inlines
        if isinstance(t, Text)
    ]
    assert words == ["At length.", "By night.", "So they said."]


def test_documents_in_enclosures_without_ids(tmp_path: Path) -> None:
    letter_in = '<div type="document"><head>Inner</head><p>a<note n="1">b</note></p></div>'
    inner = f"<frus:attachment><head>{{}}</head>{letter_in}</frus:attachment>"
    made = sample(tmp_path, letter(inner.format("A") + inner.format("B"), attributes=""))
    (only,) = made.edition.documents
    assert [isinstance(block, Enclosure) for block in only.blocks] == [True, True]


def test_a_document_of_50000_words_and_a_note_of_1800(tmp_path: Path) -> None:
    paragraph = "<p>" + "The lamp is lit again. " * 20 + "</p>"
    text = letter(paragraph * 500 + f"<p>a<note n='1'>{'word ' * 1800}</note></p>")
    start = monotonic()
    sample(tmp_path, text)
    assert monotonic() - start < 10


def test_nothing_loads_a_network_or_a_schema(tmp_path: Path) -> None:
    path = tmp_path / "volume.xml"
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    path.write_text(written(letter(f"<p>a{include}</p>")), encoding="utf-8")
    assert "I125 `file:///etc/passwd` is not read" in refused(path)
