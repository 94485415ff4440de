"""Only the faces that a style names, and only the files that it may read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pikepdf
import pytest
from weasyprint import HTML

from edition.typeset import faces
from edition.typeset.fetcher import EDITION_URL, STYLE_URL, LimitedFetcher

LIBERTINE = "Linux Libertine O"


def families_in(html: str, families: list[str]) -> set[str]:
    """The faces that a PDF of some HTML holds, with these families alone allowed."""
    import io

    with faces.only([face for family in families for face in faces.installed()[family]]) as configuration:
        content = HTML(string=html).write_pdf(font_config=configuration)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        fonts = pdf.pages[0].Resources.Font
        return {str(font.BaseFont).split("+")[1] for font in fonts.values()}


def test_a_family_that_is_not_allowed_is_not_found() -> None:
    html = "<p style='font-family: \"TeX Gyre Schola\", serif'>text"
    assert {name[:7] for name in families_in(html, ["TeX Gyre Schola"])} == {"TeX-Gyr"}
    assert {name[:9] for name in families_in(html, [LIBERTINE])} == {"Linux-Lib"}


def test_regular_italic_bold_and_small_capitals_come_from_the_family() -> None:
    html = (
        f"<p style='font-family: {LIBERTINE}'>text <i>text</i> <b>text</b> "
        "<span style='font-variant-caps: small-caps'>text</span>"
    )
    assert all(name.startswith("Linux-Libertine-O") for name in families_in(html, [LIBERTINE]))
    assert len(families_in(html, [LIBERTINE])) == 4


def test_what_the_faces_cover() -> None:
    covered = faces.coverage(faces.installed()[LIBERTINE])
    assert {ord(char) for char in "aÄ†‡§½⅓£№ſЖω"} <= covered
    assert ord("漢") not in covered


def test_a_style_brings_faces_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    regular = next(face.path for face in faces.installed()[LIBERTINE] if face.path.stem.endswith("_R"))
    shutil.copy(regular, tmp_path / "fonts" / "mine.otf")
    (tmp_path / "fonts" / "broken.otf").write_bytes(b"no font")
    (tmp_path / "fonts" / "readme.txt").write_text("no font either")
    assert {family: [face.path.name for face in found] for family, found in faces.bundled([tmp_path]).items()} == {
        LIBERTINE: ["mine.otf"]
    }


@pytest.fixture
def fetcher(tmp_path: Path) -> LimitedFetcher:
    for folder in ("edition/deep", "style", "elsewhere"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "edition" / "deep" / "a b.png").write_bytes(b"inside")
    (tmp_path / "style" / "rule.svg").write_bytes(b"style")
    (tmp_path / "elsewhere" / "secret").write_bytes(b"secret")
    (tmp_path / "edition" / "link").symlink_to(tmp_path / "elsewhere" / "secret")
    (tmp_path / "edition" / "folder-link").symlink_to(tmp_path / "elsewhere")
    return LimitedFetcher(tmp_path / "edition", [tmp_path / "style"])


@pytest.mark.parametrize(
    ("url", "content"),
    [
        (EDITION_URL + "deep/a%20b.png", b"inside"),
        (EDITION_URL + "deep/../deep/a%20b.png", b"inside"),
        (STYLE_URL + "rule.svg", b"style"),
        ("data:text/plain,hello", b"hello"),
    ],
)
def test_what_may_be_read(fetcher: LimitedFetcher, url: str, content: bytes) -> None:
    assert fetcher.fetch(url).read() == content
    assert fetcher.refused == {}


@pytest.mark.parametrize(
    "url",
    [
        EDITION_URL + "missing.png",
        EDITION_URL + "../elsewhere/secret",
        EDITION_URL + "..%2felsewhere%2fsecret",
        EDITION_URL + "deep",
        EDITION_URL + "link",
        EDITION_URL + "folder-link/secret",
        EDITION_URL + "a%00b",
        EDITION_URL + "/etc/hostname",
        STYLE_URL + "../edition/deep/a%20b.png",
        "file:///etc/hostname",
        "file://localhost/etc/hostname",
        "http://127.0.0.1:9/a.png",
        "ftp://127.0.0.1/a.png",
        "HTTP://127.0.0.1:9/a.png",
    ],
)
def test_what_may_not_be_read(fetcher: LimitedFetcher, url: str) -> None:
    with pytest.raises(ValueError, match=r"not there|outside"):
        fetcher.fetch(url)
    assert list(fetcher.refused) == [url]
