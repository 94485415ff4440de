"""The finished file as viewers and archives meet it."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pypdfium2
import pytest
import verapdf
from specimen import pdf_of, typeset
from structure_tree import StructureTree

from edition.assemble import assemble
from edition.assemble.page_labels import label_of, page_labels
from edition.assemble.syntax import written
from edition.model import (
    Division,
    Document,
    Edition,
    Emphasis,
    Generated,
    LineBreak,
    NoteCall,
    OriginalPage,
    PageBreak,
    Paragraph,
    Text,
)
from edition.pages import Page, PagedEdition
from edition.resolved import ContentsLine, ResolvedEdition

MEMORANDUM = Document(
    "d1",
    (
        Text("Memo"),
        Emphasis((Text("randum"),)),
        NoteCall("1"),
        LineBreak(),
        Text("of May"),
        PageBreak(OriginalPage("403")),
    ),
    (
        Paragraph((Text("a"), PageBreak(OriginalPage("404")), Text("b"))),
        PageBreak(OriginalPage("405", printed=False)),
    ),
    start_page=OriginalPage("403"),
)
LETTER = Document("d2", (Text("Letter"),))
CHAPTER = Division("chapter", (Text("The Harbour"),), (MEMORANDUM, LETTER), id="ch1")
EDITION = Edition(
    "Papers <of> a “Quiet” Year & Другой",
    (Generated("title-page"), Generated("contents"), Generated("persons"), CHAPTER),
    id="quiet",
    subtitle="Selected",
    volume="Volume I",
    editors=("Ada One", "Bo Two"),
    publisher="A Press",
    year="c. 1958",
    language="en-US",
)
RESOLVED = ResolvedEdition(
    EDITION,
    notes={},
    targets={},
    starts={"d1": "d1-start"},
    contents=(ContentsLine(1, "ch1", CHAPTER), ContentsLine(2, "d1", MEMORANDUM), ContentsLine(2, "d2", LETTER)),
    findings=(),
)
SOURCES = (
    ("edition.yaml", b"title: Papers\n"),
    ("documents/d\xe9.md", b"---\n"),
)


@pytest.fixture(scope="module")
def paged() -> PagedEdition:
    return typeset()


@pytest.fixture(scope="module")
def finished(paged: PagedEdition) -> bytes:
    return assemble(RESOLVED, paged, sources=SOURCES)


@pytest.fixture
def pdf(finished: bytes) -> Any:
    return pikepdf.open(BytesIO(finished))


def outline(content: bytes) -> list[tuple[int, str, int | None]]:
    """Level, title and page of each line, as pdfium reads them."""
    document = pypdfium2.PdfDocument(content)
    return [
        (line.level, line.get_title(), line.get_dest().get_index() if line.get_dest() else None)
        for line in document.get_toc()
    ]


# Standards


def test_every_construct_passes_pdf_a_and_pdf_ua(finished: bytes, paged: PagedEdition, tmp_path: Path) -> None:
    (tmp_path / "full.pdf").write_bytes(finished)
    (tmp_path / "bare.pdf").write_bytes(assemble(ResolvedEdition(Edition("T", ()), {}, {}, {}, (), ()), paged))
    verapdf.assert_archival(tmp_path / "full.pdf", tmp_path / "bare.pdf")


def test_structure_survives_assembly(finished: bytes, paged: PagedEdition) -> None:
    long_note = StructureTree(finished).document.all("Note")[5]
    assert len(long_note.all("P")[0].pages) > 1  # so that the standards are checked with notes over pages
    assert str(StructureTree(finished).document) == str(StructureTree(pdf_of(paged)).document)


@pytest.mark.skipif(not shutil.which("pdfinfo"), reason="poppler's tools are not installed")
def test_poppler_opens_it_without_complaint(finished: bytes, tmp_path: Path) -> None:
    path = tmp_path / "finished.pdf"
    path.write_bytes(finished)
    for command in (["pdfinfo", "-dests", path], ["pdfinfo", "-struct", path], ["pdftotext", path, "-"],
                    ["pdfdetach", "-list", path]):  # fmt: skip
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        assert not run.stderr


def test_qpdf_finds_nothing_wrong(pdf: Any) -> None:
    assert pdf.check_pdf_syntax() == []


# The same bytes


def test_same_arguments_give_same_bytes(finished: bytes, paged: PagedEdition) -> None:
    assert assemble(RESOLVED, paged, sources=SOURCES) == finished


def test_same_bytes_in_another_process_at_another_time_and_place(tmp_path: Path) -> None:
    """Typeset and assembled twice, with another hash seed, folder, time zone and second."""
    script = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from specimen import typeset, note; from test_assembly import RESOLVED, SOURCES, assemble\n"
        "from hashlib import sha256\n"
        "paged = typeset('<p id=\"d1\">Text' + note(1, 'Note') + '</p>')\n"
        "print(sha256(assemble(RESOLVED, paged, sources=SOURCES)).hexdigest())"
    )
    tests = Path(__file__).parents[1]
    hashes = set()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        environment.pop("SOURCE_DATE_EPOCH", None)
        (tmp_path / seed).mkdir()
        command = [sys.executable, "-c", script, str(tests), str(tests / "assemble"), str(tests.parent)]
        run = subprocess.run(
            command, cwd=tmp_path / seed, env=environment, capture_output=True, text=True, check=True
        )
        hashes.add(run.stdout)
        time.sleep(1.1)
    assert len(hashes) == 1


def test_no_time_of_building_is_in_the_file(pdf: Any) -> None:
    assert not {"/CreationDate", "/ModDate"} & set(pdf.trailer.Info.keys())
    packet = pdf.Root.Metadata.read_bytes().decode()
    assert "Date" not in packet
    assert "1958" in packet


# Page labels


@pytest.mark.parametrize(
    ("folio", "label"),
    [
        ("1", ("", "/D", 1)), ("404", ("", "/D", 404)), ("iv", ("", "/r", 4)), ("XIV", ("", "/R", 14)),
        ("A-12", ("A-", "/D", 12)), ("12a", ("12a", "", 1)), ("iiii", ("iiii", "", 1)), ("Iv", ("Iv", "", 1)),
        ("0", ("0", "", 1)), ("007", ("007", "", 1)), ("", ("", "", 1)), ("[3]", ("[3]", "", 1)),
        ("9" * 30, ("9" * 30, "", 1)), ("٣", ("٣", "", 1)),
    ],
)  # fmt: skip
def test_folio_as_label(folio: str, label: tuple[str, str, int]) -> None:
    assert label_of(folio) == label


@pytest.mark.parametrize(
    "folios",
    [
        ["i", "ii", "iii", "1", "2", "3"],
        ["i", "ii", "iv", "405", "406", "A-1", "A-2", "12a", "12a", "13", "", "x", "XI", "12"],
    ],
)
def test_labels_are_the_folios_in_pdfium(folios: list[str]) -> None:
    with pikepdf.new() as pdf:
        for _ in folios:
            pdf.add_blank_page()
        pdf.Root.PageLabels = pikepdf.Object.parse(written({"Nums": page_labels(folios)}))
        target = BytesIO()
        pdf.save(target)
    document = pypdfium2.PdfDocument(target.getvalue())
    assert [document.get_page_label(index) for index in range(len(folios))] == folios


def test_a_run_is_one_label() -> None:
    numbers = page_labels(["i", "ii", "iii", *map(str, range(1, 600))])
    assert [int(numbers[i]) for i in range(0, len(numbers), 2)] == [0, 3]


def test_blank_pages_have_labels_too(finished: bytes, paged: PagedEdition) -> None:
    assert any(page.blank for page in paged.pages)
    document = pypdfium2.PdfDocument(finished)
    assert [document.get_page_label(page.index) for page in paged.pages] == [page.folio for page in paged.pages]


# Outline and destinations


def test_outline_follows_the_contents(finished: bytes, paged: PagedEdition) -> None:
    place = {anchor: page.index for page in reversed(paged.pages) for anchor in page.anchors}
    assert outline(finished) == [
        (0, "Title Page", place["_title-page"]),
        (0, "Contents", place["_contents"]),
        (0, "The Harbour", place["ch1"]),
        (1, "Memorandum of May", place["d1"]),
        (1, "Letter", place["d2"]),
    ]


def test_original_pages_are_a_branch_on_request(paged: PagedEdition) -> None:
    first, *rest = paged.pages
    first = replace(first, anchors={**first.anchors, "d1-start": (1.0, 2.0)})
    lines = outline(assemble(RESOLVED, replace(paged, pages=(first, *rest)), original_pages="Original Pages"))
    titles = [(level, title) for level, title, _ in lines[5:]]
    assert titles == [(0, "Original Pages"), (1, "403"), (1, "404"), (1, "[405]")]
    assert [page for *_, page in lines[6:]] == [0, *(paged.page_of(f"page-{n}").index for n in (404, 405))]  # type: ignore[union-attr]


def test_documents_without_title_and_divisions_without_page() -> None:
    nameless, lost = Document("d9"), Document("d8", (Text("Lost"),))
    part = Division("part", (Text("Part"),), (Division("chapter", (), (nameless,), id="c"), lost), id="p")
    lines = (ContentsLine(1, "p", part), ContentsLine(2, "d9", nameless))
    resolved = ResolvedEdition(Edition("T", (part,)), {}, {}, {}, lines, ())
    assert outline(assemble(resolved, one_page({"d9": (10, 20)}))) == [(0, "Part", 0), (1, "d9", 0)]


def test_the_engine_s_outline_goes() -> None:
    paged = typeset("<h1>Head</h1>")
    empty = pikepdf.open(BytesIO(assemble(ResolvedEdition(Edition("T", ()), {}, {}, {}, (), ()), paged)))
    assert "/Outlines" not in empty.Root
    assert empty.Root.PageMode == "/UseNone"


def test_every_anchor_is_a_destination(pdf: Any, paged: PagedEdition) -> None:
    names = pikepdf.NameTree(pdf.Root.Names.Dests)
    assert set(names) == {anchor for page in paged.pages for anchor in page.anchors}
    page, _, left, top, zoom = names["page-404"]
    home = paged.page_of("page-404")
    assert home is not None
    x, y = home.anchors["page-404"]
    assert page.objgen == pdf.pages[home.index].obj.objgen
    assert (float(left), float(top)) == (pytest.approx(x, abs=1e-3), pytest.approx(home.height - y, abs=1e-3))
    assert zoom is None


def test_every_link_leads_to_a_destination(pdf: Any) -> None:
    names = pikepdf.NameTree(pdf.Root.Names.Dests)
    targets = [str(a.Dest) for page in pdf.pages for a in page.get("/Annots", []) if "/Dest" in a]
    assert len(targets) > 10
    assert set(targets) <= set(names)


def test_an_anchor_over_pages_leads_to_its_beginning() -> None:
    pages = tuple(replace(one_page({"d1": (5, 6)}).pages[0], index=index) for index in range(2))
    two = typeset('<p>a</p><p style="break-before: page">b</p>')
    content = assemble(RESOLVED, replace(two, pages=pages))
    pdf = pikepdf.open(BytesIO(content))
    assert pdf.Root.Names.Dests.Names[1][0].objgen == pdf.pages[0].obj.objgen


def test_names_beyond_ascii_are_found_by_links() -> None:
    paged = typeset(
        '<p id="page-½">a</p><p><a href="#page-½">b</a><a href="#page-2">b</a></p><p id="page-2">c</p>'
    )
    pdf = pikepdf.open(BytesIO(assemble(RESOLVED, paged)))
    names = pdf.Root.Names.Dests.Names
    assert [str(names[i]) for i in range(0, len(names), 2)] == ["page-%C2%BD", "page-2"]
    assert [str(annotation.Dest) for annotation in pdf.pages[0].Annots] == ["page-%C2%BD", "page-2"]


def test_a_large_name_tree_has_limits() -> None:
    paged = one_page({f"page-{number}": (number, 0) for number in range(1000)})
    with pikepdf.open(BytesIO(assemble(RESOLVED, paged))) as pdf:
        tree = pdf.Root.Names.Dests
        assert all(len(leaf.Names) <= 128 for leaf in tree.Kids)
        assert [str(leaf.Limits[0]) for leaf in tree.Kids] == sorted(str(leaf.Names[0]) for leaf in tree.Kids)
        assert pikepdf.NameTree(tree)["page-617"][2] == 617


# Sources


def test_sources_are_attached_once_and_dated_by_the_edition(pdf: Any) -> None:
    files = {file.filename: file.get_file().read_bytes() for file in pdf.attachments.values()}
    assert files == dict(SOURCES)
    assert [str(file.UF) for file in pdf.Root.AF] == [name for name, _ in SOURCES]
    for file in pdf.Root.AF:
        assert file.AFRelationship == "/Source"
        assert str(file.EF.F.Params.ModDate) == "D:19580101000000Z"
    assert [str(file.EF.F.Subtype) for file in pdf.Root.AF] == ["/application/yaml", "/text/markdown"]


def test_two_sources_of_one_name_are_refused(paged: PagedEdition) -> None:
    with pytest.raises(ValueError, match=r"edition\.yaml"):
        assemble(RESOLVED, paged, sources=[SOURCES[0], SOURCES[0]])


# Metadata and view


def test_metadata_say_what_the_edition_is(finished: bytes, pdf: Any) -> None:
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == "Papers <of> a “Quiet” Year & Другой, Volume I"
        assert metadata["dc:creator"] == ["Ada One", "Bo Two"]
        assert metadata["dc:description"] == "Selected"
        assert metadata["dc:publisher"] == {"A Press"}
        assert metadata["dc:language"] == {"en-US"}
        assert (metadata.pdfa_status, metadata["pdfuaid:part"]) == ("3A", "1")
    assert str(pdf.Root.Lang) == "en-US"
    assert pypdfium2.PdfDocument(finished).get_metadata_value("Title").endswith("Другой, Volume I")


def test_characters_that_xml_cannot_hold_do_not_break_the_metadata() -> None:
    resolved = ResolvedEdition(Edition("T\x01 \ufffe", (), language="no language!"), {}, {}, {}, (), ())
    pdf = pikepdf.open(BytesIO(assemble(resolved, one_page({}))))
    ElementTree.fromstring(pdf.Root.Metadata.read_bytes())
    assert str(pdf.Root.Lang) == "und"


@pytest.mark.parametrize(("side", "layout"), [("recto", "/TwoPageRight"), ("verso", "/TwoPageLeft")])
def test_pages_face_each_other_as_in_the_book(side: Any, layout: str) -> None:
    paged = one_page({})
    paged = replace(paged, pages=(replace(paged.pages[0], side=side),))
    pdf = pikepdf.open(BytesIO(assemble(RESOLVED, paged)))
    assert pdf.Root.PageLayout == layout
    assert pdf.Root.ViewerPreferences.DisplayDocTitle


def one_page(anchors: dict[str, tuple[float, float]]) -> PagedEdition:
    page = Page(0, "1", "recto", False, "", 288, 432, anchors, (), ())
    return replace(typeset("<p>a</p>"), pages=(page,))


def test_the_specimen_is_set_without_complaint(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "weasyprint"):
        typeset()
    assert caplog.messages == []
