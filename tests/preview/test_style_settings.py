"""Settings written into an edition.yaml: all else in it stays as it was, to the character."""

from __future__ import annotations

from pathlib import Path

import pytest

from edition.files import Folder
from edition.findings import EditionError
from edition.manuscript import load, set_style
from edition.pipeline import write_settings
from tests.preview.quay import write_edition

NEW = {"text-size": "11pt", "mark-colour": "#444"}

CASES = {
    "a name with a comment": (
        "title: T\nstyle: reading  # ours\nlanguage: en\n",
        'title: T\nstyle: # ours\n  name: reading\n  text-size: 11pt\n  mark-colour: "#444"\nlanguage: en\n',
    ),
    "a name in quotes at the end of the file": (
        'title: T\nstyle: "reading"',
        'title: T\nstyle:\n  name: reading\n  text-size: 11pt\n  mark-colour: "#444"\n',
    ),
    "no style": (
        "title: T\n# the parts\ncontents:\n  - documents/d1.md\n",
        'title: T\n# the parts\nstyle:\n  text-size: 11pt\n  mark-colour: "#444"\ncontents:\n  - documents/d1.md\n',
    ),
    "no style and no line end": ("title: T", 'title: T\nstyle:\n  text-size: 11pt\n  mark-colour: "#444"\n'),
    "lines": (
        "style:\n    # the size\n    text-size: 9.5pt   # small\n    leading: 12pt\n\n# after\ntitle: T\n",
        'style:\n    # the size\n    text-size: 11pt   # small\n    leading: 12pt\n    mark-colour: "#444"\n\n# after\ntitle: T\n',
    ),
    "lines in quotes, at the end": (
        "title: T\nstyle:\n  mark-colour: '#00f' # blue\n  name: reading",
        'title: T\nstyle:\n  mark-colour: "#444" # blue\n  name: reading\n  text-size: 11pt\n',
    ),
    "braces": (
        "style: {name: reading, text-size: 9pt} # all\ntitle: T\n",
        'style: {name: reading, text-size: 11pt, mark-colour: "#444"} # all\ntitle: T\n',
    ),
    "braces over lines": (
        "style: {\n  name: reading, # it\n  leading: 12pt,\n}\ntitle: T\n",
        'style: {\n  name: reading, # it\n  leading: 12pt, text-size: 11pt, mark-colour: "#444",\n}\ntitle: T\n',
    ),
    "empty braces": ("style: {}\ntitle: T\n", 'style: {text-size: 11pt, mark-colour: "#444"}\ntitle: T\n'),
}


@pytest.mark.parametrize("name", CASES)
def test_nothing_else_changes(name: str, tmp_path: Path) -> None:
    before, after = CASES[name]
    folder = write_edition(tmp_path / "quay")
    (folder / "edition.yaml").write_text(before, "utf-8")
    text, edition = set_style(Folder(folder), NEW)
    assert text == after
    (folder / "edition.yaml").write_text(text, "utf-8")
    assert load(folder)[0].style == edition.style
    assert dict(edition.style.settings).items() >= NEW.items()


@pytest.mark.parametrize("volume", ["{title: T, style: reading}\n", "title: T\nstyle: [a]\n", "title: [\n", ""])
def test_what_cannot_be_edited_safely_stays(volume: str, tmp_path: Path) -> None:
    folder = write_edition(tmp_path / "quay")
    (folder / "edition.yaml").write_text(volume, "utf-8")
    with pytest.raises(EditionError):
        write_settings(folder, NEW)
    assert (folder / "edition.yaml").read_text("utf-8") == volume


def test_a_value_that_the_style_does_not_take_is_not_written(tmp_path: Path) -> None:
    folder = write_edition(tmp_path / "quay")
    before = (folder / "edition.yaml").read_bytes()
    for settings in ({"text-size": "wide"}, {"no-such": "1pt"}, {"text-size": "1pt\nname: frus"}):
        with pytest.raises(EditionError):
            write_settings(folder, settings)
    assert (folder / "edition.yaml").read_bytes() == before


def test_line_ends_and_mark_of_the_file_stay(tmp_path: Path) -> None:
    folder = write_edition(tmp_path / "quay")
    path = folder / "edition.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    write_settings(folder, NEW)
    written = path.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf# The look")
    assert written.count(b"\r\n") == written.count(b"\n")
    assert dict(load(folder)[0].style.settings) == NEW


def test_a_fault_of_a_document_is_no_reason_against_writing(tmp_path: Path) -> None:
    folder = write_edition(tmp_path / "quay")
    (folder / "documents/d1.md").write_text("no front matter", "utf-8")
    write_settings(folder, NEW)
    assert "text-size: 11pt" in (folder / "edition.yaml").read_text("utf-8")


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = write_edition(tmp_path / "quay")
    outside = tmp_path / "outside.yaml"
    (folder / "edition.yaml").rename(outside)
    (folder / "edition.yaml").symlink_to(outside)
    before = outside.read_bytes()
    with pytest.raises(EditionError):
        write_settings(folder, NEW)
    assert outside.read_bytes() == before
