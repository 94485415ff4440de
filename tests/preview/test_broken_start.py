"""A preview of an edition that is broken when it starts: what is wrong is said, and the pages come when it is mended."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from edition.preview import Preview
from tests.preview.quay import FIRST, VOLUME, wait_until, write_edition


def wrong_yaml(folder: Path) -> None:
    (folder / "edition.yaml").write_text(VOLUME.replace("title: Letters", "title: [Letters"), "utf-8")


def no_volume(folder: Path) -> None:
    (folder / "edition.yaml").unlink()


def missing_style(folder: Path) -> None:
    (folder / "edition.yaml").write_text(VOLUME.replace("style: reading", "style: raeding"), "utf-8")


def broken_css(folder: Path) -> None:
    own = folder / "styles/own"
    own.mkdir(parents=True)
    (own / "style.yaml").write_text("title: Mine\nextends: reading\n", "utf-8")
    (own / "text.css").write_text("p { color: red }\n@page { size: } }\np {{ x", "utf-8")
    (folder / "edition.yaml").write_text(VOLUME.replace("style: reading", "style: own"), "utf-8")


def no_documents_folder(folder: Path) -> None:
    shutil.rmtree(folder / "documents")


def no_documents(folder: Path) -> None:
    (folder / "edition.yaml").write_text(VOLUME.split("contents:")[0] + "contents: []\n", "utf-8")


def strange_encoding(folder: Path) -> None:
    (folder / "documents/d1.md").write_bytes(FIRST.replace("A letter", "Ä letter").encode("latin-1"))


def two_bytes_a_character(folder: Path) -> None:
    (folder / "documents/d1.md").write_bytes(FIRST.encode("utf-16"))


BROKEN: list[tuple[Callable[[Path], None], str, str]] = [
    (wrong_yaml, "Y010", "edition.yaml:3:3"),
    (no_volume, "F101", "edition.yaml:1:1"),
    (missing_style, "L001", "edition.yaml:5:8"),
    (broken_css, "L007", "styles/own/text.css:2:9"),
    (no_documents_folder, "F101", "edition.yaml:13:9"),
    (no_documents, "F111", "edition.yaml:1:1"),
    (strange_encoding, "F104", "documents/d1.md:7:1"),
    (two_bytes_a_character, "F104", "documents/d1.md:1:1"),
]


@pytest.mark.parametrize(("broken", "code", "where"), BROKEN, ids=[case[0].__name__ for case in BROKEN])
def test_what_is_wrong_from_the_start_is_said_and_mended(
    broken: Callable[[Path], None], code: str, where: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    broken(folder)
    with Preview(folder) as preview:
        wait_until(lambda: preview.session.failures)
        failures = preview.session.state()["failures"]
        assert (failures[0]["code"], "{path}:{line}:{column}".format(**failures[0])) == (code, where)
        assert preview.session.book()["pages"] == []
        write_edition(folder)
        wait_until(lambda: preview.session.shown and not preview.session.failures)
        assert len(preview.session.book()["pages"]) > 3
    assert capfd.readouterr().err == ""


def test_a_folder_that_is_taken_away_and_comes_back_is_watched_again(preview: Preview, folder: Path) -> None:
    shutil.rmtree(folder)
    wait_until(lambda: preview.session.failures)
    assert preview.session.failures[0].code == "F101"
    assert len(preview.session.book()["pages"]) > 3, "the last good pages stay"
    write_edition(folder)
    wait_until(lambda: not preview.session.failures)
    number = preview.session.number
    (folder / "documents/d1.md").write_text(FIRST.replace("A letter", "The letter"), "utf-8")
    wait_until(lambda: preview.session.number > number)
