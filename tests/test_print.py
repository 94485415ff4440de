"""Print files: boxes, marks, colours, fonts and page order, and that they say what the archive PDF says."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pypdfium2
import pytest

from edition import pipeline
from edition.assemble.press.colours import convert_colours
from edition.assemble.press.imposition import signature_sides
from edition.assemble.press.profiles import UnfitProfileError, installed_profile, read_profile
from edition.assemble.press.sheet import with_bleed
from edition.findings import EditionError
from edition.proof.press import prove_imposed, prove_print
from tests.reading import read_pdf

SOURCE = Path(__file__).parent / "editions" / "constructs"
MM = 72 / 25.4
PROFILE = installed_profile()
needs_profile = pytest.mark.skipif(PROFILE is None, reason="no profile of a press is installed (libgs-common)")


def edition_in(folder: Path, style: str, css: str = "") -> Path:
    shutil.copytree(SOURCE, folder / "edition")
    volume = folder / "edition" / "edition.yaml"
    volume.write_text(volume.read_text("utf-8").replace("style: reading", f"style: {style}"), "utf-8")
    if css:
        (folder / "edition" / "style.css").write_text(css)
    return folder / "edition"


def printed(folder: Path, style: str = "reading", css: str = "") -> tuple[Path, Path]:
    """The archive PDF and the print file of an edition."""
    built = pipeline.build(edition_in(folder, style, css), folder / "out", for_print=True)
    return built.pdf, built.pdf.with_suffix(".print.pdf")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return printed(tmp_path_factory.mktemp("print"))


def drawings(pdf: pikepdf.Pdf) -> list[bytes]:
    """All content streams: of pages, forms and patterns."""
    contents = [page.Contents.read_bytes() for page in pdf.pages]
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream) and (
            thing.get("/Subtype") == "/Form" or thing.get("/PatternType") == 1
        ):
            contents.append(thing.read_bytes())
    return contents


def operators(content: bytes) -> set[str]:
    pdf = pikepdf.new()
    return {str(instruction.operator) for instruction in pikepdf.parse_content_stream(pdf.make_stream(content))}


def box(page: pikepdf.Page, name: str) -> list[float]:
    return [round(float(edge), 2) for edge in page.obj[name]]


@needs_profile
def test_boxes_lie_in_each_other(files: tuple[Path, Path]) -> None:
    with pikepdf.open(files[1]) as pdf:
        for page in pdf.pages:
            assert box(page, "/TrimBox") == [0, 0, 432, 648]
            assert box(page, "/BleedBox") == [-8.5, -8.5, 440.5, 656.5]
            media = box(page, "/MediaBox")
            assert media[0] < -8.5 - 10
            assert media[3] > 656.5 + 10
            assert "/CropBox" not in page.obj


@needs_profile
def test_crop_marks_are_outside_of_the_bleed_and_point_at_the_corners(files: tuple[Path, Path]) -> None:
    with pikepdf.open(files[1]) as pdf:
        content = pdf.pages[3].Contents.read_bytes()
        marks = content[content.rindex(b"/Registration CS") :].decode()
        assert str(pdf.pages[3].Resources.ColorSpace.Registration[1]) == "/All"
    lines = re.findall(r"([-\d.]+) ([-\d.]+) m ([-\d.]+) ([-\d.]+) l", marks)
    assert len(lines) == 8
    for line in lines:
        x1, y1, x2, y2 = map(float, line)
        assert (x1 == x2 and x1 in (0, 432)) or (y1 == y2 and y1 in (0, 648))
        outside = [not (-8.49 < x < 440.49 and -8.49 < y < 656.49) for x, y in ((x1, y1), (x2, y2))]
        assert outside == [True, True]


@needs_profile
def test_text_is_of_black_ink_and_nothing_is_of_the_screen(files: tuple[Path, Path]) -> None:
    with pikepdf.open(files[1]) as pdf:
        contents = drawings(pdf)
        for content in contents:
            assert operators(content).isdisjoint({"rg", "RG", "g", "G"})
        inks = {
            tuple(map(float, match))
            for content in contents
            for match in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) k\s", content)
        }
        assert (0.0, 0.0, 0.0, 1.0) in inks
        coloured = [ink for ink in inks if max(ink[:3]) > 0]
        assert coloured, "marks of original pages are coloured"
        assert all(ink[3] < 1 for ink in coloured), "no rich black"
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                assert thing.get("/ColorSpace") != pikepdf.Name.DeviceRGB
                if "/Group" in thing and "/CS" in thing.Group:
                    assert pikepdf.Name.DeviceCMYK == thing.Group.CS


def test_a_colour_of_the_paper_reaches_the_bleed() -> None:
    """What touches an edge of the page goes on; what does not stays, and so does everything that is turned."""
    trim = (0.0, 0.0, 432.0, 648.0)
    drawn = b"q\n0.75 0 0 -0.75 0 648 cm\n0 0 576 864 re\nf\n10 10 20 20 re f\nq 0 1 -1 0 0 0 cm 0 0 576 864 re f Q\nQ (0 0 9 9 re)"
    made = with_bleed(drawn, trim, 9.0).decode()
    boxes = re.findall(
        r"([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+) re f|([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+) re\nf", made
    )
    first = [float(edge) for edge in boxes[0] if edge]
    assert first == [-12, -12, 600, 888]
    assert "10 10 20 20 re f" in made
    assert "0 1 -1 0 0 0 cm 0 0 576 864 re f" in made
    assert "(0 0 9 9 re)" in made
    assert with_bleed(drawn, trim, 0) == drawn


@pytest.fixture(scope="module")
def tinted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An edition on coloured pages, those on the left darker."""
    css = "@page { background: #dfe8f4 } @page :left { background: #c0d0e6 } @page :blank { background: #fff }"
    return printed(tmp_path_factory.mktemp("tinted"), css=css)


def darkness(path: Path, page: int, *points: tuple[float, float]) -> list[int]:
    """The red at some points of a page, in points from the top left of its sheet."""
    picture = pypdfium2.PdfDocument(path)[page].render().to_pil().convert("RGB")
    return [picture.getpixel((int(x), int(y)))[0] for x, y in points]


def test_the_background_of_pages_is_under_all_of_the_page_and_its_text(tinted: tuple[Path, Path]) -> None:
    pages = read_pdf(tinted[0])
    corners = [(1, 1), (430, 1), (1, 646), (430, 646), (216, 20), (20, 324)]
    found = [set(darkness(tinted[0], number, *corners)) for number in range(len(pages))]
    assert all(len(reds) == 1 for reds in found), "one colour, to all edges"
    for number, (page, reds) in enumerate(zip(pages, found, strict=True)):
        if page.width < page.height and page.text.strip():  # turned pages take the side they would have
            assert reds == ({0xDF} if number % 2 == 0 else {0xC0})
    picture = pypdfium2.PdfDocument(tinted[0])[4].render(scale=2).to_pil().convert("L")
    assert picture.getextrema()[0] < 60, "the text stands over it"


@needs_profile
def test_it_goes_on_into_the_bleed_and_no_further(tinted: tuple[Path, Path]) -> None:
    with pikepdf.open(tinted[1]) as pdf:
        media = box(pdf.pages[4], "/MediaBox")
    out, x, y = -media[0], 216, 324
    width, height = media[2] - media[0], media[3] - media[1]
    inside = darkness(tinted[1], 4, (out + x, out + y))[0]
    assert inside < 250
    for by, same in ((-6, True), (-12, False)):
        edges = [
            (out + by, out + y),
            (width - out - by, out + y),
            (out + x, out + by),
            (out + x, height - out - by),
        ]
        assert [abs(red - inside) <= 2 for red in darkness(tinted[1], 4, *edges)] == [same] * 4


@needs_profile
def test_imposed_pages_keep_their_backgrounds_to_the_fold(tinted: tuple[Path, Path], tmp_path: Path) -> None:
    target = tmp_path / "imposed.pdf"
    pipeline.impose(tinted[1], target, 8)
    with pikepdf.open(target) as pdf:
        media = box(pdf.pages[0], "/MediaBox")
    fold = 432 - media[0]
    pages = len(read_pdf(tinted[0]))
    tints = [darkness(tinted[1], number, (120, 40))[0] for number in range(pages)]
    for number, (left, right) in enumerate(signature_sides(pages, 8)):
        found = darkness(target, number, (fold - 3, 60), (fold + 3, 60))
        for page, red in ((left, found[0]), (right, found[1])):
            assert page is None or abs(red - tints[page]) <= 2


@needs_profile
def test_it_says_that_it_is_pdf_x_4_and_for_which_press(files: tuple[Path, Path]) -> None:
    assert PROFILE is not None
    with pikepdf.open(files[1]) as pdf:
        assert pdf.pdf_version == "1.6"
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == pikepdf.Name.GTS_PDFX
        assert intent.DestOutputProfile.read_bytes() == PROFILE.content
        assert intent.DestOutputProfile.N == 4
        assert str(intent.Info) == PROFILE.name
        assert str(pdf.trailer.Info.Trapped) == "/False"
        assert len(pdf.trailer.ID) == 2
        for key in ("/Outlines", "/Names", "/AF", "/StructTreeRoot", "/MarkInfo"):
            assert key not in pdf.Root
        assert all("/Annots" not in page.obj for page in pdf.pages)
        packet = pdf.Root.Metadata.read_bytes()
    assert b"pdfaid" not in packet
    assert b"pdfuaid" not in packet
    root = ElementTree.fromstring(packet[packet.index(b"<x:xmpmeta") : packet.rindex(b"<?xpacket")])
    said = {element.tag.rpartition("}")[2]: element.text for element in root.iter()}
    assert said["GTS_PDFXVersion"] == "PDF/X-4"
    assert said["Trapped"] == "False"
    assert said["CreateDate"] == said["ModifyDate"] == "1899-01-01T00:00:00Z"
    assert said["DocumentID"].startswith("uuid:")


@needs_profile
def test_every_font_is_in_the_file(files: tuple[Path, Path]) -> None:
    with pikepdf.open(files[1]) as pdf:
        fonts = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all("/FontFile3" in font or "/FontFile2" in font for font in fonts)


@needs_profile
def test_its_text_stands_where_that_of_the_archive_stands(files: tuple[Path, Path]) -> None:
    archive, made = files
    before, after = read_pdf(archive), read_pdf(made)
    assert [page.text for page in before] == [page.text for page in after]
    for page, other in zip(before, after, strict=True):
        shift = other.height - page.height
        assert shift > 20
        for one, two in zip(page.characters[:200], other.characters[:200], strict=True):
            assert one.text == two.text
    assert prove_print(archive.read_bytes(), made.read_bytes()) == ()


@needs_profile
def test_the_same_build_gives_the_same_print_file(files: tuple[Path, Path], tmp_path: Path) -> None:
    _, again = printed(tmp_path)
    assert again.read_bytes() == files[1].read_bytes()


@needs_profile
@pytest.mark.parametrize("fault", ["a word", "a place", "a page"])
def test_the_proof_finds_what_is_otherwise(fault: str, files: tuple[Path, Path]) -> None:
    archive, made = files
    with pikepdf.open(made) as pdf:
        page = pdf.pages[4]
        content = page.Contents.read_bytes()
        if fault == "a word":
            page.Contents.write(re.sub(rb"\[<[0-9a-f]{4}>", b"[<>", content, count=1))
        elif fault == "a place":
            page.Contents.write(
                re.sub(rb"1 0 0 -1 ([\d.]+) ([\d.]+) Tm", rb"1 0 0 -1 \1 9\2 Tm", content, count=1)
            )
        else:
            del pdf.pages[4]
        spoilt = io.BytesIO()
        pdf.save(spoilt)
    assert [finding.code for finding in prove_print(archive.read_bytes(), spoilt.getvalue())][:1] == ["C050"]


@needs_profile
def test_the_settings_of_print(tmp_path: Path) -> None:
    """`bleed` is the distance of the boxes, `crop-marks` whether there are any, `output-profile` what is embedded."""
    folder = edition_in(tmp_path, "{name: pocket, bleed: 5mm, crop-marks: no, output-profile: press.icc}")
    assert PROFILE is not None
    own = PROFILE.content[:4] + b"mine" + PROFILE.content[8:]
    (folder / "press.icc").write_bytes(own)
    built = pipeline.build(folder, tmp_path / "out", for_print=True)
    with pikepdf.open(built.pdf.with_suffix(".print.pdf")) as pdf:
        page = pdf.pages[0]
        assert box(page, "/MediaBox") == box(page, "/BleedBox")
        assert box(page, "/BleedBox")[0] == pytest.approx(-5 * MM, abs=0.01)
        assert b"Registration" not in page.Contents.read_bytes()
        assert pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes() == own


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.icc", None, "A010 `missing.icc` is neither in the edition's folder nor in the style's"),
        ("text.icc", b"no profile", "A011 `text.icc`: it is no ICC profile"),
        ("screen.icc", b"\0" * 8 + b"\2\0\0\0mntrRGB XYZ " + b"\0" * 12 + b"acsp" + b"\0" * 100, "A011 `screen.icc`: it is a profile of the class `mntr` for RGB"),
        ("new.icc", b"\0" * 8 + b"\5\0\0\0prtrCMYKLab " + b"\0" * 12 + b"acsp" + b"\0" * 100, "A011 `new.icc`: its version is 5"),
    ],
)  # fmt: skip
def test_a_profile_that_is_unfit_is_a_finding(
    name: str, content: bytes | None, message: str, tmp_path: Path
) -> None:
    folder = edition_in(tmp_path, f"{{name: reading, output-profile: {name}}}")
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(EditionError) as raised:
        pipeline.build(folder, tmp_path / "out", for_print=True)
    (finding,) = raised.value.findings
    line = next(
        number
        for number, text in enumerate((folder / "edition.yaml").read_text().splitlines(), 1)
        if "style:" in text
    )
    assert f"edition.yaml:{line}:" in str(finding)
    assert message in str(finding)
    assert not (tmp_path / "out").exists()


def test_without_any_profile_the_finding_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edition.assemble.press.profiles.INSTALLED", ())
    with pytest.raises(EditionError) as raised:
        pipeline.build(edition_in(tmp_path, "reading"), tmp_path / "out", for_print=True)
    assert (
        "A010 no profile for a press is installed; set `output-profile`, or install the package libgs-common"
        in str(raised.value.findings[0])
    )


def test_a_profile_must_be_whole() -> None:
    with pytest.raises(UnfitProfileError):
        read_profile(b"\0" * 200)


# Imposition.


def test_a_signature_is_folded_into_its_order() -> None:
    assert list(signature_sides(8, 8)) == [(7, 0), (1, 6), (5, 2), (3, 4)]
    assert list(signature_sides(6, 8)) == [(None, 0), (1, None), (5, 2), (3, 4)]
    assert list(signature_sides(10, 8))[4:] == [(None, 8), (9, None)]


@pytest.mark.parametrize(("pages", "signature"), [(1, 4), (22, 16), (64, 16), (7, 8), (33, 12)])
def test_folded_sheets_read_in_order(pages: int, signature: int) -> None:
    """Sheets of a signature lie in each other; leafing through, each leaf shows its front, then its back."""
    sides = list(signature_sides(pages, signature))
    read: list[int | None] = []
    position = 0
    while position < len(sides):
        count = next(c for c in range(2, len(sides) + 2, 2) if position + c == len(sides) or c == signature // 2)
        sheets = [(sides[position + k], sides[position + k + 1]) for k in range(0, count, 2)]
        read += [page for front, back in sheets for page in (front[1], back[0])]
        read += [page for front, back in reversed(sheets) for page in (back[1], front[0])]
        position += count
    assert [page for page in read if page is not None] == list(range(pages))


@needs_profile
@pytest.mark.parametrize("signature", [0, 8])
def test_imposed_pages_stand_on_their_sides(signature: int, files: tuple[Path, Path], tmp_path: Path) -> None:
    target = tmp_path / "imposed.pdf"
    sheets = pipeline.impose(files[1], target, signature)
    pages = read_pdf(files[1])
    imposed = read_pdf(target)
    assert sheets == -(-len(pages) // 4)
    assert len(imposed) == 2 * sheets
    length = signature or 4 * sheets
    for side, (left, right) in zip(imposed, signature_sides(len(pages), length), strict=True):
        middle = side.width / 2
        for page, is_left in ((left, True), (right, False)):
            found = sorted(x.text for x in side.characters if (x.x < middle) is is_left and x.text.strip())
            expected = pages[page].characters if page is not None else ()
            assert found == sorted(x.text for x in expected if x.text.strip())
    with pikepdf.open(target) as pdf:
        assert box(pdf.pages[0], "/TrimBox") == [0, 0, 864, 648]
        assert pdf.Root.OutputIntents[0].S == pikepdf.Name.GTS_PDFX


@needs_profile
def test_turned_pages_are_imposed_upright(tmp_path: Path) -> None:
    """The specimen's wide table is turned in the pocket style: its page is as high as the others."""
    source = Path(__file__).parent.parent / "edition" / "specimen"
    built = pipeline.build(source, tmp_path / "out", style="pocket", for_print=True)
    assert any(page.turned for page in built.pages.pages)
    target = tmp_path / "imposed.pdf"
    pipeline.impose(built.pdf.with_suffix(".print.pdf"), target, 16)
    with pikepdf.open(target) as pdf:
        assert {tuple(box(page, "/TrimBox")) for page in pdf.pages} == {(0, 0, 612, 495)}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("signature", [0, 8])
def test_a_file_of_few_pages_is_imposed(count: int, signature: int, tmp_path: Path) -> None:
    """Sides of a sheet may have no page at all."""
    pdf = pikepdf.new()
    for _ in range(count):
        pdf.add_blank_page(page_size=(300, 400))
    pdf.save(tmp_path / "few.pdf")
    sheets = pipeline.impose(tmp_path / "few.pdf", tmp_path / "imposed.pdf", signature)
    assert sheets == 1
    with pikepdf.open(tmp_path / "imposed.pdf") as made:
        assert [box(page, "/TrimBox") for page in made.pages] == [[0, 0, 600, 400]] * 2


@needs_profile
def test_the_proof_of_imposition_finds_a_swap(files: tuple[Path, Path], tmp_path: Path) -> None:
    target = tmp_path / "imposed.pdf"
    pipeline.impose(files[1], target, 8)
    sides = list(signature_sides(len(read_pdf(files[1])), 8))
    assert prove_imposed(files[1].read_bytes(), target.read_bytes(), sides) == ()
    swapped = [sides[1], sides[0], *sides[2:]]
    assert prove_imposed(files[1].read_bytes(), target.read_bytes(), swapped)


@pytest.mark.parametrize(
    ("signature", "message"),
    [(6, "a signature has 4, 8, 12, 16 … pages, not 6"), (0, "it cannot be opened as a PDF")],
)
def test_what_cannot_be_imposed_is_a_finding(signature: int, message: str, tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(b"no pdf")
    with pytest.raises(EditionError) as raised:
        pipeline.impose(source, tmp_path / "b.pdf", signature)
    assert message in str(raised.value.findings[0])
    assert not (tmp_path / "b.pdf").exists()


@needs_profile
def test_colours_go_through_the_profile_and_greys_do_not() -> None:
    assert PROFILE is not None
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(100, 100))
    page.obj.TrimBox = page.obj.MediaBox
    page.Contents = pdf.make_stream(
        b"0 0 0 rg .5 g 1 1 1 RG 1 0 0 rg /Span <</Alt (0 0 1 rg)>> BDC EMC 0.42 0.169 0.122 rg 0 0 1 1 re f"
    )
    convert_colours(pdf, PROFILE)
    content = page.Contents.read_bytes().decode()
    assert content.startswith("0 0 0 1 k 0 0 0 0.5 k 0 0 0 0 K ")
    assert "(0 0 1 rg)" in content
    inks = [tuple(map(float, match)) for match in re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) k", content)]
    cyan, magenta, yellow, black = inks[2]
    assert magenta > 0.9
    assert yellow > 0.9
    assert cyan + black < 0.2
