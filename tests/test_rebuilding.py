"""Builds after builds: what is there is left, what changed is made, and whatever stops one spoils nothing."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import pikepdf
import pytest
from hypothesis import given, settings

from edition import manuscript, pipeline
from edition.files import UNFINISHED
from edition.findings import EditionError
from edition.model import (
    Division,
    Edition,
    Generated,
    OriginalPage,
    PageBreak,
    Paragraph,
    Reference,
    Span,
    Text,
)
from tests.editing import Step, chapter, document, edited, steps

QUAY = Path(__file__).parent / "editions" / "quay"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = shutil.copytree(QUAY, tmp_path / "edition")
    for path in made.rglob("*"):
        os.utime(path, (1, 1))
    return made


def steps_of(folder: Path, **others: object) -> list[str]:
    told: list[str] = []
    pipeline.rebuild(folder, folder.parent / "out", progress=told.append, **others)  # type: ignore[arg-type]
    return told


def digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_nothing_changed(folder: Path) -> None:
    first = pipeline.rebuild(folder, folder.parent / "out")
    before = digests(folder.parent / "out")
    assert steps_of(folder) == ["nothing changed"]
    assert pipeline.rebuild(folder, folder.parent / "out") == first
    assert digests(folder.parent / "out") == before


def change_document(folder: Path) -> None:
    path = folder / "documents" / "q1.md"
    path.write_text(path.read_text() + "\nOne more line.\n")


def add_file(folder: Path) -> None:
    (folder / "persons.yaml").write_text("- id: p1\n  name: Somebody\n")


def shadow_style(folder: Path) -> None:
    (folder / "styles" / "reading").mkdir(parents=True)
    (folder / "styles" / "reading" / "style.yaml").write_text("title: Mine\nextends: reading\n")


def spoil_output(folder: Path) -> None:
    (pdf,) = (folder.parent / "out").glob("*.pdf")
    pdf.write_bytes(pdf.read_bytes() + b"%")


def remove_places(folder: Path) -> None:
    (places,) = (folder.parent / "out").glob("*.json")
    places.unlink()


@pytest.mark.parametrize("change", [change_document, add_file, shadow_style, spoil_output, remove_places])
def test_whatever_changed_is_made(folder: Path, change: object) -> None:
    steps_of(folder)
    change(folder)  # type: ignore[operator]
    assert "assembling" in steps_of(folder)


def test_without_the_cache_all_is_made(folder: Path) -> None:
    steps_of(folder)
    before = digests(folder.parent / "out")
    assert "assembling" in steps_of(folder, how=pipeline.How(cache=False))
    assert digests(folder.parent / "out") == before


def test_progress_says_what_came_from_the_cache(folder: Path) -> None:
    steps_of(folder)
    document = folder / "documents" / "q1.md"
    document.write_text(document.read_text() + "\nA line of this test alone.\n")
    assert "parts laid out: 1, from the cache: 5" in steps_of(folder)


def test_a_style_that_makes_one_piece_of_the_book_is_named(folder: Path) -> None:
    assert not any("every change" in step for step in steps_of(folder))
    (folder / "style.css").write_text("main:has(.dateline) { color: #222 }")
    assert "the style has `:has()`: every change costs a layout of the whole book" in steps_of(folder)


def test_a_spoilt_cache_changes_nothing(folder: Path) -> None:
    cache = Path(os.environ["EDITION_CACHE"])
    steps_of(folder)
    before = digests(folder.parent / "out")
    for number, path in enumerate(sorted(path for path in cache.rglob("*") if path.is_file())):
        content = path.read_bytes()
        path.write_bytes([b"", content[: len(content) // 2], content[:-1] + bytes([content[-1] ^ 1])][number % 3])
    steps_of(folder)
    assert digests(folder.parent / "out") == before


def test_two_builds_at_once(folder: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "EDITION_CACHE": str(tmp_path / "shared")}
    command = [sys.executable, "-m", "edition", "build", str(folder), "--out"]
    builds = [subprocess.Popen([*command, str(tmp_path / f"out{n}")], env=environment) for n in range(2)]
    assert [build.wait() for build in builds] == [0, 0]
    assert digests(tmp_path / "out0") == digests(tmp_path / "out1")


@pytest.mark.parametrize(
    "times", [6, pytest.param(100, marks=pytest.mark.volumes)], ids=["a few times", "a hundred times"]
)
def test_killed_at_any_moment(folder: Path, tmp_path: Path, times: int) -> None:
    """The next build is right, and the earlier PDF was whole throughout."""
    out, chance = tmp_path / "out", random.Random(times)
    environment = {**os.environ, "EDITION_CACHE": str(tmp_path / "own")}
    command = [sys.executable, "-m", "edition", "build", str(folder), "--out", str(out)]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    for number in range(times):
        (folder / "documents" / "q1.md").write_text(
            (QUAY / "documents" / "q1.md").read_text() + f"\nLine {number}.\n"
        )
        build = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0, 2))
        build.send_signal(signal.SIGKILL)
        build.wait()
        with pikepdf.open(next(out.glob("*.pdf"))) as pdf:
            assert len(pdf.pages) > 3
    subprocess.run(command, env=environment, check=True, capture_output=True)
    for left in out.glob(f"*{UNFINISHED}"):
        left.unlink()  # a file that was being written; builds take it away when it is old
    shutil.rmtree(tmp_path / "own")
    subprocess.run([*command[:-1], str(tmp_path / "fresh")], env=environment, check=True, capture_output=True)
    assert digests(out) == digests(tmp_path / "fresh")


# Whatever is edited

INDEXED = Paragraph(
    (
        Text("Of the "),
        Span("index", (Text("lamps"),), (("entry", "Lamps"),)),
        Text(" more on "),
        PageBreak(OriginalPage("12")),
        Text("another page, see "),
        Reference("#page-12", (Text("p. 12"),)),
        Text("."),
    )
)
EDITED = Edition(
    "A Book",
    (
        Generated("title-page"),
        Generated("contents"),
        chapter(1, document(1, 200), replace(document(2, 90), blocks=(INDEXED,))),
        chapter(2, document(3, 150), document(4, 60)),
        Division("back", (Text("Back"),), (Generated("index"), Generated("concordance")), id="back"),
    ),
    new_pages="all",
)


@settings(max_examples=4)
@given(steps())
def test_whatever_is_edited_a_build_is_as_from_nothing(sequence: Sequence[Step]) -> None:
    """Through all stages, from the files to the files."""
    edition = EDITED
    with TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        patch.setenv("EDITION_CACHE", f"{scratch}/cache")
        folder, warm, fresh = (Path(scratch) / name for name in ("edition", "warm", "fresh"))
        manuscript.save(edition, folder)
        pipeline.rebuild(folder, warm)
        for step in sequence:
            edition = edited(edition, step)
            shutil.rmtree(folder)
            manuscript.save(edition, folder)
            told = pipeline.rebuild(folder, warm)
        anew = pipeline.rebuild(folder, fresh, how=pipeline.How(cache=False))
        assert digests(warm) == digests(fresh)
        assert (told.pages, told.notes, told.found, told.findings) == (
            anew.pages,
            anew.notes,
            anew.found,
            anew.findings,
        )


# Some documents, and again and again


def test_some_documents_alone(folder: Path) -> None:
    built = pipeline.build(folder, folder.parent / "out", only=["q2"])
    assert built.pdf.name.endswith(".q2.pdf")
    whole = pipeline.build(folder, folder.parent / "out")
    assert built.proof.words < whole.proof.words
    assert built.notes == built.proof.notes > 0
    assert whole.pdf != built.pdf


def test_a_name_like_an_enclosure_s_keeps_its_notes(folder: Path) -> None:
    for path in (folder / "edition.yaml", folder / "documents" / "q2.md"):
        path.write_text(re.sub(r"\bid: q2\b", "id: q2-elder", path.read_text()))
    built = pipeline.build(folder, folder.parent / "out", only=["q2-elder"])
    assert built.notes == built.proof.notes > 0


def test_a_document_that_is_not_there(folder: Path) -> None:
    with pytest.raises(EditionError, match=r"S030 no document or division is `q22`"):
        pipeline.build(folder, folder.parent / "out", only=["q22"])


def test_every_save_is_built(folder: Path) -> None:
    told: list[object] = []
    stop, built = Event(), Event()

    def tell(it: object) -> None:
        told.append(it)
        built.set()

    def wait() -> None:
        assert built.wait(60)
        built.clear()

    document = folder / "documents" / "q1.md"
    sound = document.read_text()
    with pipeline.Builder(folder) as builder:
        watching = Thread(target=pipeline.watch, args=(builder, folder.parent / "out", tell, stop), daemon=True)
        watching.start()
        wait()
        time.sleep(0.5)
        for text in (sound + "\nOne more line.\n", sound + "\n::: nonsense\n", sound):
            document.write_text(text)
            wait()
        stop.set()
        watching.join(10)
    assert [isinstance(it, EditionError) for it in told] == [False, False, True, False]
    assert told[0] == told[3] != told[1]
