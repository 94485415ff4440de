"""The proof of an import: faults planted at each stage are found with stage and line, and nothing is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tei_sample import HEADER, letter, written
from typer.testing import CliRunner

from edition import manuscript
from edition.cli import app
from edition.importers import tei
from edition.importers.tei.comparison import differences
from edition.importers.tei.file_streams import streams_of_tei
from edition.importers.tei.inlines import RunningText
from edition.importers.tei.streams import BreakAt, NoteText, Streams
from edition.model import Document, Edition, Inline, NoteCall, PageBreak, Text
from edition.walk import walk

TEXT = """
<p>The lamp was lit<note n="1">By the keeper.</note> at dusk
  and the <hi rend="italic">Sea Gull</hi> came
  <pb n="12" facs="0012"/>in with oil,<lb/>rope
  and tar<note n="*">None was sold.</note>.</p>
"""


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    path = tmp_path / "volume.xml"
    path.write_text(written(letter(TEXT), header=HEADER.replace("\n", "")), encoding="utf-8")
    return path


def run(volume: Path, *options: str) -> tuple[int, str]:
    words = ["import", "tei", str(volume), "--into", str(volume.parent / "edition"), *options]
    result = CliRunner().invoke(app, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result.exit_code, result.output


def files(volume: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (volume.parent / "edition").rglob("*") if path.is_file()}


def test_the_last_line_says_what_was_proven(volume: Path) -> None:
    code, output = run(volume)
    assert code == 0
    assert output.splitlines()[-1] == "found in them, all in their places: 25 words, 2 notes and 1 page break"
    code, output = run(volume, "--force", "--json")
    assert json.loads(output)["found"] == {"words": 25, "notes": 2, "page-breaks": 1}


# From the TEI file to the edition


def without(found: Callable[[Inline], bool]) -> Callable[..., list[Inline]]:
    """Running text as the importer reads it, without some inlines."""
    read = RunningText.inlines
    return lambda self, run: [inline for inline in read(self, run) if not found(inline)]


def changed(old: str, new: str) -> Callable[..., list[Inline]]:
    read = RunningText.inlines

    def inlines(self: RunningText, run: object) -> list[Inline]:
        made = read(self, run)  # type: ignore[arg-type]
        return [replace(i, text=i.text.replace(old, new)) if isinstance(i, Text) else i for i in made]

    return inlines


FAULTS = {
    "a word lost": (changed("dusk", ""), ":3:1: I120", "`dusk` is lost after `lamp was lit at`"),
    "a word doubled": (changed("dusk", "dusk dusk"), ":4:1: I120", "`dusk` is doubled or added"),
    "a word changed": (changed("rope", "ropes"), ":5:1: I120", "`rope` became `ropes`"),
    "words glued": (changed("lamp was", "lampwas"), ":3:1: I120", "`lamp was` became `lampwas`"),
    "a break lost": (
        without(lambda i: isinstance(i, PageBreak)),
        ":5:1: I120",
        "page break 12 (facs 0012) is lost",
    ),
    "a call lost": (
        without(lambda i: isinstance(i, NoteCall) and i.label == "1"),
        ":3:1: I120",
        "the call of note 1 moved: `By the keeper.`",
    ),
    "a note changed": (changed("None", "Some"), ":6:1: I120", "note * `None was sold.` became `Some was sold.`"),
    "a break moved": (
        lambda self, run: sorted(INLINES(self, run), key=lambda i: not isinstance(i, PageBreak)),
        ":5:1: I120",
        "page break 12 (facs 0012) moved",
    ),
}
INLINES = RunningText.inlines


@pytest.mark.parametrize("fault", FAULTS)
def test_what_the_importer_loses_is_found(volume: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    run(volume)
    before = files(volume)
    inlines, place, words = FAULTS[fault]
    monkeypatch.setattr(RunningText, "inlines", inlines)
    code, output = run(volume, "--force")
    assert code == 1
    assert f"{volume}{place} between the TEI file and the edition: {words}" in output
    assert files(volume) == before


def test_a_note_that_is_left_out_is_found(volume: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its call is taken out with it: what calls a note that is not there is no edition at all."""
    read = tei.read

    def reading(path: Path) -> tei.Imported:
        imported = read(path)
        (document,) = imported.edition.documents
        blocks = tuple(
            replace(block, inlines=tuple(i for i in block.inlines if i != NoteCall("*")))  # type: ignore[union-attr,call-arg]
            for block in document.blocks
        )
        spoilt = replace(document, blocks=blocks, notes=document.notes[:1])
        return replace(imported, edition=_with_document(imported.edition, spoilt))

    monkeypatch.setattr(tei, "read", reading)
    code, output = run(volume)
    assert code == 1
    assert ":6:1: I120 between the TEI file and the edition: note * is lost: `None was sold.`" in output
    assert not (volume.parent / "edition").exists()


def _with_document(edition: Edition, document: Document) -> Edition:
    return replace(edition, contents=(*edition.contents[:-1], document))


# From the edition to its files


WRITING_FAULTS = {
    "a word lost": ("dusk", "", ":3:1: I121 between the edition and its files: `dusk` is lost"),
    "a call moved": ("lit[^1] at", "lit at[^1]", ":3:1: I121 between the edition and its files: the call of note 1 moved"),
    "a break lost": ("[Page 12]", "\\[Page 12]", ":5:1: I121 between the edition and its files: `[Page 12]{facs=0012}` are doubled"),
    "a scan changed": ("facs=0012", "facs=0013", ":5:1: I121 between the edition and its files: page break 12 (facs 0012) became 12 (facs 0013)"),
    "italics lost": ("*Sea Gull*", "Sea Gull", ":2:1: I121 between the edition and its files: document `d1` is read again as another one"),
    "what cannot be read": ("[^1]", "[^9]", ":1:1: I121 between the edition and its files: they cannot be read again"),
}  # fmt: skip


@pytest.mark.parametrize("fault", WRITING_FAULTS)
def test_what_the_writer_loses_is_found(volume: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    run(volume)
    before = files(volume)
    old, new, words = WRITING_FAULTS[fault]
    texts_of = manuscript.texts_of

    def writing(edition: Edition, directory: Path) -> dict[str, str]:
        texts = texts_of(edition, directory)
        assert old in texts["documents/d1.md"]
        return {name: text.replace(old, new, 1) for name, text in texts.items()}

    monkeypatch.setattr(manuscript, "texts_of", writing)
    code, output = run(volume, "--force")
    assert code == 1
    assert f"{volume}{words}" in output
    assert files(volume) == before


def test_a_field_that_is_read_again_as_another_is_found(volume: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts_of = manuscript.texts_of
    monkeypatch.setattr(
        manuscript,
        "texts_of",
        lambda edition, directory: {n: t.replace("1903", "1904") for n, t in texts_of(edition, directory).items()},
    )
    code, output = run(volume)
    assert code == 1
    assert "I121 between the edition and its files: the contents or fields of the volume" in output


def test_every_word_knows_its_line(volume: Path) -> None:
    lines = volume.read_text(encoding="utf-8").splitlines()
    words = streams_of_tei(volume).words()
    assert [word for word, line in words if word.rstrip(".,") not in lines[line - 1]] == []
    assert {line for _, line in words} == {2, 3, 4, 5, 6}


# Differences


def body(text: str) -> Streams:
    streams = Streams()
    for line, words in enumerate(text.split("\n"), start=1):
        streams.write(words + " ", line)
    return streams


@pytest.mark.parametrize(
    ("source", "edition", "found"),
    [
        ("a b c\nd e f", "a b c d e f", []),
        ("", "", []),
        ("", "a", ["line 0: `a` is doubled or added at the beginning"]),
        ("a", "", ["line 1: `a` is lost at the beginning"]),
        ("a b\nc d e f", "a b d e f", ["line 2: `c` is lost after `a b`"]),
        ("a b\nc d i\ne f g h", "a b x c d i f g h", ["line 2: `x` is doubled or added after `a b`", "line 3: `e` is lost after `b c d i`"]),
        ("a b c\nd e f", "d e f a b c", ["line 1: `d e f` is doubled or added at the beginning", "line 2: `d e f` are lost after `a b c`"]),
    ],
)  # fmt: skip
def test_each_difference_is_told_once(source: str, edition: str, found: list[str]) -> None:
    told = list(map(str, differences(body(source), body(edition))))
    assert [line.replace("are doubled", "is doubled") for line in told] == found


def test_a_long_loss_is_told_shortly_and_what_follows_still_fits() -> None:
    words = [f"w{number}" for number in range(2000)]
    (found,) = differences(body("\n".join(words)), body(" ".join(words[:500] + words[1500:])))
    assert (
        str(found)
        == "line 501: 1000 words, `w500 w501 w502 w503 w504 w505 … w1496 w1497 w1498 w1499`, are lost after `w496 w497 w498 w499`"
    )


def test_of_many_differences_twenty_are_told() -> None:
    source, edition = ("\n".join(f"{number} {word} a b c" for number in range(99)) for word in ("x", "y"))
    assert len(differences(body(source), body(edition))) == 20


def test_notes_and_page_breaks_that_are_lost_hide_no_others() -> None:
    source, edition = Streams(), Streams()
    source.notes = [NoteText(str(n), f"Note {n}.", n, n) for n in range(1, 9)]
    edition.notes = [note for note in source.notes if note.mark not in ("3", "7")]
    source.breaks = [BreakAt(str(n), "", n, n) for n in range(1, 9)]
    edition.breaks = [replace(source.breaks[0], facs="9"), *source.breaks[1:5], *source.breaks[6:]]
    assert list(map(str, differences(source, edition))) == [
        "line 3: note 3 is lost: `Note 3.`",
        "line 7: note 7 is lost: `Note 7.`",
        "line 1: page break 1 became 1 (facs 9)",
        "line 6: page break 6 is lost",
    ]


def test_the_walk_of_the_edition_is_the_one_that_is_compared(volume: Path) -> None:
    """Nothing that stands in the edition escapes the comparison: every text of the model is in a stream."""
    edition = tei.read(volume).edition
    (document,) = edition.documents
    texts = [node.text for _, node in walk(document) if isinstance(node, Text)]
    streams = streams_of_tei(volume)
    said = streams.body + " ".join(note.text for note in streams.notes)
    assert [text for text in texts if " ".join(text.split()) not in said] == []


# The report


def test_what_comes_in_dozens_is_told_shortly_with_every_line(tmp_path: Path) -> None:
    path = tmp_path / "volume.xml"
    refs = "".join(f'<p><ref target="#in{turn}">{turn}</ref> <wobble>a</wobble></p>\n' for turn in range(40))
    path.write_text(written(letter(refs + '<note n="1"/><note n="1"/>'), header=""), encoding="utf-8")
    code, output = run(path)
    told = output.splitlines()[:-2]
    assert code == 0
    assert [line.split(": ")[0] for line in told] == ["info", *["warning"] * 7]
    assert f"{path}: I111 and 35 more of these, on lines 7, 8, 9, " in output
    assert "the element `wobble` is not known (40 times, on lines 2, 3, 4, " in output
    code, output = run(path, "--force", "--json")
    assert len(json.loads(output)["findings"]) == 42


def test_what_the_source_lacks_is_proven_too(tmp_path: Path) -> None:
    """A gap without words prints a sign of ours, one with words prints those."""
    gaps = '<gap reason="torn" quantity="3"/>', "<gap><desc>torn off</desc></gap>", "<gap/><note>Torn.</note>"
    path = tmp_path / "letters.xml"
    path.write_text(written(letter("".join(f"<p>Before {gap} after.</p>" for gap in gaps))), "utf-8")
    code, output = run(path)
    assert (code, "I120" in output) == (0, False)
    assert "[…]{.gap reason=torn}" in next((path.parent / "edition" / "documents").iterdir()).read_text("utf-8")
