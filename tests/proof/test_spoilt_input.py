"""What an editor may hand to the commands of proofreading by mistake: each gets a finding that says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from typer.testing import CliRunner, Result

from edition import pipeline
from edition.cli import app
from tests.proof.planting import FOLDER
from tests.specimen import edition_of


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pipeline.build(FOLDER, tmp_path_factory.mktemp("sound")).pdf


def run(*words: str | Path) -> Result:
    result = CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "200"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def spoilt(kind: str, sound: Path, folder: Path) -> Path:
    path = folder / "spoilt.pdf"
    match kind:
        case "empty":
            path.write_bytes(b"")
        case "text":
            path.write_text("The harbor.")
        case "truncated":
            path.write_bytes(sound.read_bytes()[: sound.stat().st_size // 2])
        case "encrypted":
            with pikepdf.open(sound) as pdf:
                pdf.save(path, encryption=pikepdf.Encryption(user="a", owner="b"))
        case "pageless":
            pikepdf.new().save(path)
        case "folder":
            path.mkdir()
    return path


KINDS = {
    "empty": "D001 it is empty",
    "text": "D001 it is no PDF",
    "truncated": "D001 it cannot be read: unable to find trailer dictionary while recovering damaged file",
    "encrypted": "D002 it is encrypted with a password",
    "pageless": "D001 it has no pages",
    "folder": "D001 it is a folder",
    "missing": "D001 there is no such file",
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_sound_pdf_is_told(kind: str, sound: Path, tmp_path: Path) -> None:
    path = spoilt(kind, sound, tmp_path)
    for command in (("compare", sound, path), ("compare", path, sound), ("comments", path)):
        result = run(*command)
        assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, f"error: {path}:1:1: {KINDS[kind]}")
    result = run("proof", FOLDER, "--against", path, "--out", tmp_path / "proof")
    assert (result.exit_code, KINDS[kind] in result.stderr, (tmp_path / "proof").exists()) == (1, True, False)


def test_a_file_compared_with_itself_is_the_same(sound: Path, tmp_path: Path) -> None:
    result = run("compare", sound, sound, "--pictures", tmp_path / "pictures", "--look")
    assert result.exit_code == 0
    assert "text: the same\nmoved: nothing" in result.stdout
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == ["comparison.html"]


def test_a_file_that_only_forbids_things_can_be_compared(sound: Path, tmp_path: Path) -> None:
    with pikepdf.open(sound) as pdf:
        pdf.save(tmp_path / "owned.pdf", encryption=pikepdf.Encryption(user="", owner="b"))
    assert "text: the same" in run("compare", sound, tmp_path / "owned.pdf").stdout


def test_without_comments_nothing_is_said_of_places(sound: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.pdf"
    copy.write_bytes(sound.read_bytes())
    result = run("comments", copy)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "0 comments\n", "")


def test_comments_in_a_folder_that_is_no_edition(sound: Path, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        result = run("comments", sound, folder)
        assert (result.exit_code, "F101 there is no `edition.yaml` in it" in result.stderr) == (1, True)


@pytest.mark.parametrize("command", ["check", "proof", "hyphens", "build"])
def test_an_edition_without_contents_is_told(command: str, tmp_path: Path) -> None:
    (tmp_path / "edition").mkdir()
    (tmp_path / "edition" / "edition.yaml").write_text("title: Nothing\ncontents: []\n")
    out = [] if command in ("check", "hyphens") else ["--out", tmp_path / "out"]
    result = run(command, tmp_path / "edition", *out)
    assert (result.exit_code, "F111 `contents` is empty" in result.stderr) == (1, True)
    assert not (tmp_path / "out").exists()


def test_proofs_of_a_single_page(tmp_path: Path) -> None:
    edition = edition_of(tmp_path / "edition", "Just this.\n")
    result = run("proof", edition, "--out", tmp_path / "proof")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "1 page, clean")


@pytest.mark.parametrize("out", ["file", "file/below"])
def test_an_output_folder_that_is_a_file(out: str, sound: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for command in (
        ("proof", FOLDER, "--out", tmp_path / out),
        ("compare", sound, sound, "--pictures", tmp_path / out),
    ):
        result = run(*command)
        assert (result.exit_code, "F108 cannot write" in result.stderr) == (1, True)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("columns", ["0", "1", "20", "10000", "wide"])
def test_however_wide_the_terminal_is(columns: str) -> None:
    for words in (["check", str(FOLDER), "--manuscript"], ["check", "--help"], ["explain", "W013"]):
        result = CliRunner().invoke(app, words, env={"COLUMNS": columns, "TERM": "xterm"})
        assert (result.exit_code, result.exception) == (0, None)
