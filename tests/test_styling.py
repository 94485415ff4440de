"""The commands about styles, what faces can do, and the specimen in every built-in style."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edition import pipeline
from edition.cli import app
from edition.findings import EditionError
from edition.model import StyleChoice
from edition.pipeline import styling
from edition.proof.reader import read_pages
from edition.styles import load_style, style_names
from edition.typeset import faces
from edition.typeset.face_report import check_features, family_reports
from tests.reading import read_pdf

NOWHERE = Path("/nonexistent")
STARTER = Path(__file__).parent.parent / "edition" / "starter"
STYLES = style_names(NOWHERE)
each_style = pytest.mark.parametrize("style", STYLES)


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    shutil.copytree(STARTER, tmp_path / "edition")
    return tmp_path / "edition"


def run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["style", *map(str, words)])
    return result.exit_code, result.output


def test_list_says_which_styles_there_are(edition: Path) -> None:
    assert [line.split()[0] for line in run("list", "--in", edition)[1].splitlines()] == STYLES
    assert run("copy", "frus", "press", "--in", edition)[0] == 0
    assert any(
        line.startswith("press") and line.endswith("(of the edition)")
        for line in run("list", "--in", edition)[1].splitlines()
    )
    listed = json.loads(run("list", "--in", edition, "--json")[1])
    assert {style["name"] for style in listed["styles"]} == {*STYLES, "press"}


def test_show_says_what_each_setting_is_and_where_it_is_written(edition: Path) -> None:
    volume = edition / "edition.yaml"
    volume.write_text(volume.read_text().replace("style: reading", "style: {name: frus, lines: 40}"))
    code, text = run("show", "--in", edition)
    assert code == 0
    lines = {line.split()[0]: line.split() for line in text.splitlines() if line.startswith("  ") and line.split()}
    assert lines["lines"][1] == "40"
    assert lines["lines"][2].endswith("edition.yaml:7:28")
    assert lines["text-size"][1] == "10pt"
    assert "/frus/style.yaml:" in lines["text-size"][2]
    assert "/reading/style.yaml:" in lines["dateline-align"][2]
    assert "smcp" in text
    assert "all there" in text
    shown = json.loads(run("show", "pocket", "--in", edition, "--json")[1])
    assert shown["settings"]["lines"]["value"] == "40"
    assert shown["settings"]["lines"]["range"] == ["10", "80"]
    assert shown["faces"][0]["family"] == "TeX Gyre Termes"
    assert shown["faces"][0]["files"][0]["path"].endswith(".otf")


def test_show_names_the_characters_that_no_face_has(edition: Path) -> None:
    document = edition / "documents" / "d1.md"
    document.write_text(document.read_text() + "\nA sign: 漢.\n")
    assert "lacking: 漢 (U+6F22)" in run("show", "--in", edition)[1]


def test_a_copy_is_a_style_of_the_edition_and_overwrites_nothing(edition: Path) -> None:
    run("copy", "large-print", "own", "--in", edition)
    style = load_style(StyleChoice("own"), edition)
    assert style.folders[0] == (edition / "styles" / "own").resolve()
    assert style.values == load_style(StyleChoice("large-print"), edition).values
    code, _ = run("copy", "frus", "own", "--in", edition)
    assert code == 1
    assert load_style(StyleChoice("own"), edition).value("text-size") == "18pt"
    for name in ("../x", "frus", ""):
        assert run("copy", "frus", name, "--in", edition)[0] == 1
    assert run("copy", "nothing", "x", "--in", edition)[0] == 1


# Faces.


def test_a_missing_face_is_a_finding_at_its_setting(edition: Path) -> None:
    volume = edition / "edition.yaml"
    volume.write_text(
        volume.read_text().replace("style: reading", "style: {name: reading, text-face: No Such Face}")
    )
    with pytest.raises(EditionError) as raised:
        styling.specimen("", edition, edition / "out")
    assert "L005 no face of the family `No Such Face` is installed" in str(raised.value.findings[0])
    from edition import pipeline

    (finding,) = [finding for finding in pipeline.check(edition) if finding.code == "L005"]
    assert str(finding.place).endswith("edition.yaml:7:35")
    assert "not there; install it" in run("show", "--in", edition)[1]


def without(feature: str, folder: Path) -> None:
    """A family of one regular file, `Plain`, whose features are those of Libertine but for one."""
    from fontTools.ttLib import TTFont

    regular = next(face.path for face in faces.installed()["Linux Libertine O"] if face.path.stem.endswith("_R"))
    with TTFont(regular) as font:
        table = font["GSUB"].table
        for record in table.FeatureList.FeatureRecord:
            if record.FeatureTag == feature:
                record.FeatureTag = "ss19"
        for name in font["name"].names:
            if name.nameID in (1, 16):
                name.string = "Plain"
        (folder / "fonts").mkdir(parents=True)
        font.save(folder / "fonts" / "plain.otf")


@pytest.mark.parametrize(
    ("feature", "code", "message"),
    [
        ("smcp", "L011", "Plain has no small capitals for subchapter-head-lettering"),
        ("onum", "L012", "Plain has no old-style figures"),
    ],
)
def test_what_a_face_lacks_is_a_finding(feature: str, code: str, message: str, tmp_path: Path) -> None:
    folder = tmp_path / "styles" / "mine"
    without(feature, folder)
    (folder / "style.yaml").write_text("extends: reading\nsettings:\n  text-face: Plain\n")
    style = load_style(StyleChoice("mine"), tmp_path)
    (finding,) = check_features(style, has_small_capitals=False)
    assert finding.code == code
    assert finding.message.startswith(message)
    assert str(finding.place).endswith("styles/mine/style.yaml:3:14")
    (report, _) = family_reports(style)
    assert report.bundled
    assert [file.path.name for file in report.files] == ["plain.otf"]
    assert feature not in report.files[0].features


@each_style
def test_the_built_in_styles_have_faces_that_can_do_what_they_ask(style: str) -> None:
    assert list(check_features(load_style(StyleChoice(style), NOWHERE), has_small_capitals=True)) == []


# The specimen.


@cache
def specimen_of(style: str, folder: Path, grid: bool = False):
    return styling.specimen(style, NOWHERE, folder, grid=grid)


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("specimens")


OF_THE_TEXT = {"N201", "T103", "T106", "T110"}
"""Two documents on a page with a note 1 each; words that stand under each other, a loose line
in a narrow column; a verse with a call."""


@each_style
def test_the_specimen_has_nothing_to_complain_of(style: str, out: Path) -> None:
    built = specimen_of(style, out)
    assert built.pdf.name == f"specimen-{style}.pdf"
    assert {finding.code for finding in built.findings} <= OF_THE_TEXT
    assert built.notes == 27


@each_style
def test_lines_of_the_text_stand_on_one_grid(style: str, out: Path) -> None:
    """From line to line there are whole lines, in lists half ones; a line in a hundred may be elsewhere.

    A letter that only another family has, and a picture, may move the lines after it.
    """
    built = specimen_of(style, out)
    chosen = load_style(StyleChoice(style), NOWHERE)
    half, size = float(chosen.value("leading")[:-2]) / 2, float(chosen.value("text-size")[:-2])
    steps: list[bool] = []
    drawings = read_pages(built.pdf.read_bytes())
    for number, page in styling.page_labels(built.pages).items():
        drawn = drawings[number]
        left, top, right, bottom = page.text_area
        bottom = page.note_area[1] if page.note_area else bottom
        lines = sorted(
            {
                piece.y
                for piece in drawn.pieces
                if abs(piece.size - size) < 0.05
                and piece.level
                and top < piece.y < bottom
                and left <= piece.x <= right
            }
        )
        distances = [after - before for before, after in pairwise(lines) if after - before > half / 2]
        steps += [abs(distance / half - round(distance / half)) * half < 0.15 for distance in distances]
    assert len(steps) > 80
    assert sum(steps) > 0.95 * len(steps)


@each_style
def test_text_has_the_same_width_on_left_and_right_pages(style: str, out: Path) -> None:
    """Chapters are laid out without knowing on which side they begin."""
    built = specimen_of(style, out)
    labels = styling.page_labels(built.pages)
    areas = [
        labels[page.index].text_area for page in built.pages.pages if page.index in labels and not page.turned
    ]
    assert len(areas) > 10
    assert len({round(right - left, 2) for left, _, right, _ in areas}) == 1
    assert len({round(bottom - top, 2) for _, top, _, bottom in areas}) == 1


def test_the_grid_is_drawn_under_the_text_and_changes_none_of_it(out: Path, tmp_path: Path) -> None:
    plain, drawn = specimen_of("frus", out), specimen_of("frus", tmp_path, True)
    before, after = (read_pages(built.pdf.read_bytes()) for built in (plain, drawn))
    assert [[piece.text for piece in page.pieces] for page in before] == [
        [piece.text for piece in page.pieces] for page in after
    ]
    import pypdfium2

    page = next(index for index, page in enumerate(plain.pages.pages) if page.name == "chapter") + 1
    area = styling.page_labels(plain.pages)[page].text_area
    picture = pypdfium2.PdfDocument(drawn.pdf)[page].render(scale=2).to_pil().convert("RGB")
    column = [
        picture.getpixel((int(2 * area[2] - 3), y)) for y in range(int(2 * area[1]) + 4, int(2 * area[3]) - 4)
    ]
    blue = sum(pixel[2] > pixel[0] + 15 for pixel in column)
    assert blue >= 40, "44 lines of a blue grid"


def test_the_specimen_takes_the_settings_of_the_edition(edition: Path) -> None:
    volume = edition / "edition.yaml"
    volume.write_text(
        volume.read_text().replace("style: reading", "style: {name: reading, page-size: A5, page-by: canon}")
    )
    (edition / "style.css").write_text("h3.title { color: rgb(10, 20, 30) }")
    built = styling.specimen("", edition, edition / "out")
    assert round(built.pages.pages[0].width) == 420
    colours = {piece.colour for page in read_pages(built.pdf.read_bytes()) for piece in page.pieces}
    assert any(colour == pytest.approx((10 / 255, 20 / 255, 30 / 255), abs=0.001) for colour in colours)


def test_large_print_is_large_and_black(out: Path) -> None:
    """No text below 18 points but raised and lowered figures (14.4) and wide tables (14), all black on white."""
    drawn = read_pages(specimen_of("large-print", out).pdf.read_bytes())
    sizes = Counter({})
    for page in drawn:
        for piece in page.pieces:
            sizes[round(piece.size, 1)] += len(piece.text)
            assert piece.colour == (0, 0, 0)
            assert piece.background == (1, 1, 1)
    assert min(sizes) == 14
    small = sum(count for size, count in sizes.items() if size < 18)
    assert small < 0.06 * sizes.total()
    assert sum(count for size, count in sizes.items() if 14 < size < 18) < 0.01 * sizes.total()


def test_large_print_fits_letter_and_a4(tmp_path: Path) -> None:
    shutil.copytree(STARTER, tmp_path / "edition")
    volume = tmp_path / "edition" / "edition.yaml"
    volume.write_text(
        volume.read_text().replace("style: reading", "style: {name: large-print, page-size: Letter}")
    )
    built = styling.specimen("", tmp_path / "edition", tmp_path / "out")
    assert {finding.code for finding in built.findings} <= OF_THE_TEXT
    assert (built.pages.pages[0].width, built.pages.pages[0].height) == pytest.approx((612, 792))


def test_the_gallery_shows_every_style(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(styling, "style_names", lambda directory: ["frus", "pocket"])
    code, _ = run("gallery", "--in", NOWHERE, "--out", tmp_path / "gallery")
    assert code == 0
    assert {path.name for path in (tmp_path / "gallery").iterdir()} == {"README.md", "frus.png", "pocket.png"}
    page = (tmp_path / "gallery" / "README.md").read_text()
    assert "![Pocket](pocket.png)" in page
    assert (tmp_path / "gallery" / "frus.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


# Styles written from the documentation alone.


@pytest.fixture
def broadside(tmp_path: Path) -> Path:
    shutil.copytree(Path(__file__).parent / "styles", tmp_path / "styles")
    return tmp_path


@pytest.mark.parametrize("name", ["broadside", "plainsong"])
def test_a_style_from_scratch_sets_every_construct(name: str, broadside: Path) -> None:
    """It extends nothing, has less than sixty lines of CSS, and there is nothing to complain of."""
    sheets = list((broadside / "styles" / name).glob("*.css"))
    assert sum(len(sheet.read_text().splitlines()) for sheet in sheets) < 60
    built = styling.specimen(name, broadside, broadside / "out")
    assert {finding.code for finding in built.findings} <= OF_THE_TEXT
    assert load_style(StyleChoice(name), broadside).folders == (broadside / "styles" / name,)


def test_notes_look_the_same_wherever_they_are_called(broadside: Path) -> None:
    """From a head in another colour and a signature at the right; their last lines are not stretched."""
    built = styling.specimen("broadside", broadside, broadside / "out")
    pieces = [piece for page in read_pages(built.pdf.read_bytes()) for piece in page.pieces]
    left = min(piece.x for piece in pieces if piece.text.startswith("Hallam’s answer"))
    of_head = next(piece for piece in pieces if piece.text.startswith("Hallam’s answer"))
    of_signature = next(piece for piece in pieces if piece.text.startswith("Signed for him"))
    assert of_head.colour == of_signature.colour == (0, 0, 0)
    assert of_signature.x < left + 10
    short = next(piece for piece in pieces if piece.text.startswith("This was not done"))
    assert short.ink_end < short.x + 150


def test_what_is_wrong_is_told_of_the_files_that_stay(tmp_path: Path) -> None:
    """The specimen is set in a folder that is gone afterwards; its sheets are copies of the edition's."""
    style = tmp_path / "styles" / "mine"
    style.mkdir(parents=True)
    (style / "style.yaml").write_text("extends: reading\n", "utf-8")
    (style / "text.css").write_text("p {\n  text-idnent: 2em;\n}\n", "utf-8")
    with pytest.raises(EditionError) as raised:
        styling.specimen("mine", tmp_path, tmp_path / "out")
    assert f"{style}/text.css:2:3" in [str(finding.place) for finding in raised.value.findings]
    (style / "text.css").write_text("aside.note { margin-left: -30pt }\n", "utf-8")
    built = styling.specimen("mine", tmp_path, tmp_path / "out")
    assert {str(finding.place).partition("/")[0] for finding in built.findings if finding.place} == {"specimen"}


# Heads of very many letters.


@each_style
def test_a_head_of_very_many_letters_takes_no_page_of_its_own(style: str, tmp_path: Path) -> None:
    """As titles of volumes of the last century but one are: in the styles with large heads, too."""
    title = "Case of the Government submitted to the arbitration and award " * 6
    volume = f"title: Papers\nlanguage: en\nstyle: {style}\noriginal-pages: inline\ncontents:\n"
    division = "  - {{division: {}, title: {}, contents: [documents/{}.md]}}\n"
    (tmp_path / "documents").mkdir()
    for name in ("d1", "d2"):
        (tmp_path / "documents" / f"{name}.md").write_text(
            f"---\nid: {name}\ntitle: Letter\n---\n\nDone.\n", "utf-8"
        )
    contents = division.format("part", title, "d1") + division.format("chapter", title.upper(), "d2")
    (tmp_path / "edition.yaml").write_text(volume + contents, "utf-8")
    built = pipeline.build(tmp_path, tmp_path / "out")
    begun = [page for page in read_pdf(built.pdf) if "award" in page.text.casefold()]
    assert [
        page.text.casefold().count("award ") + page.text.casefold().count("award\n") >= 5 for page in begun
    ] == [True, True]
    assert all("Done." in page.text for page in begun)
