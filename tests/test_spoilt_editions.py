"""Bad input, one case each, through the command line: a clear finding, never a traceback, earlier output stays."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edition import pipeline
from edition.cli import app
from tests.specimen import png

EDITION = [sys.executable, "-m", "edition"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small sound edition to be spoilt."""
    pipeline.new(tmp_path / "edition")
    return tmp_path / "edition"


def build(folder: Path, *more: str) -> tuple[int, str]:
    """Exit code and everything printed."""
    out = folder.parent / "out"
    out.mkdir(exist_ok=True)
    (out / "letters-from-the-harbour-volume-i.pdf").write_bytes(b"earlier")
    result = CliRunner().invoke(app, ["build", str(folder), "--out", str(out), *more])
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result.exit_code, result.output


def earlier_stands(folder: Path) -> bool:
    return (folder.parent / "out" / "letters-from-the-harbour-volume-i.pdf").read_bytes() == b"earlier"


def rewrite(name: str, old: str, new: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return spoil


def append(name: str, text: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return spoil


def put(name: str, content: bytes) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return spoil


def both(*spoilers: Callable[[Path], None]) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        for each in spoilers:
            each(folder)

    return spoil


def image(path: str) -> Callable[[Path], None]:
    return append("documents/d1.md", f"\n![a plan]({path})\n")


def svg(inside: str) -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" '
        f'height="90">{inside}</svg>'
    ).encode()


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
COPIES = '<rect id="a0" width="1" height="1"/>' + "".join(
    f'<g id="a{number}">' + f'<use xlink:href="#a{number - 1}"/>' * 10 + "</g>" for number in range(1, 10)
)
D1, D2 = "documents/d1.md", "documents/d2.md"

STOPPED = {
    "no_edition_yaml": (lambda folder: (folder / "edition.yaml").unlink(), "F101", "edition.yaml"),
    "empty_edition_yaml": (put("edition.yaml", b""), "edition.yaml:1:1", "edition.yaml"),
    "empty_document": (put(D1, b""), f"{D1}:1:1", D1),
    "not_utf8": (put(D1, b"---\nid: d1\n---\n\nGr\xfc\xdfe\n"), "F104", f"{D1}:5:3"),
    "nul_bytes": (put(D1, b"---\nid: d1\n---\n\na\0b\n"), "F105", f"{D1}:5:2"),
    "a_line_of_100_mb": (put(D1, b"x" * 100_000_000), "F103", D1),
    "duplicate_key": (rewrite("edition.yaml", "year: 2026", "year: 2026\nyear: 2027"), "Y011", "edition.yaml:6:1"),
    "duplicate_id": (rewrite(D2, "id: d2", "id: d1"), "d1", f"{D2}:1:1"),
    "unknown_key": (rewrite(D1, "source-note:", "sourcenote:"), "source-note", f"{D1}:4:1"),
    "alias_bomb": (put("edition.yaml", BOMB.encode()), "Y012", "edition.yaml:1:"),
    "call_without_note": (append(D1, "\nA call[^9] too many.\n"), "N102", f"{D1}:27:7"),
    "duplicate_definition": (append(D1, "\n[^1]: Again.\n"), "N101", f"{D1}:27:1"),
    "unclosed_container": (append(D1, "\n::: quote\nNever closed.\n"), "M", f"{D1}:"),
    "missing_image": (image("plan.png"), "plan.png", f"{D1}:"),
    "image_above_the_folder": (image("../plan.png"), "plan.png", f"{D1}:"),
    "image_with_absolute_path": (image("/etc/hostname"), "/etc/hostname", f"{D1}:"),
    "image_from_the_network": (image("http://127.0.0.1:9/plan.png"), "127.0.0.1", f"{D1}:"),
    "image_that_is_none": (both(put("plan.png", b"no picture"), image("plan.png")), "L009", f"{D1}:27:1"),
    "image_bomb": (both(put("plan.png", png(60_000, 60_000, b"\0" * 9)), image("plan.png")), "L009", f"{D1}:27:1"),
    "svg_reads_a_file": (
        both(put("plan.svg", svg('<image href="file:///etc/hostname" width="9" height="9"/>')), image("plan.svg")),
        "L008",
        "hostname",
    ),
    "svg_reads_the_network": (
        both(put("plan.svg", svg('<image href="http://127.0.0.1:9/a.png" width="9" height="9"/>')), image("plan.svg")),
        "L008",
        "127.0.0.1",
    ),
    "svg_reads_above_the_folder": (
        both(put("plan.svg", svg('<image xlink:href="../secret.png" width="9" height="9"/>')), image("plan.svg")),
        "L008",
        "secret.png",
    ),
    "svg_of_copies_of_copies": (both(put("plan.svg", svg(COPIES)), image("plan.svg")), "L008", f"{D1}:27:1"),
    "svg_that_draws_itself": (
        both(put("plan.svg", svg('<g id="a"><use xlink:href="#a"/></g>')), image("plan.svg")), "L008", f"{D1}:27:1",
    ),
    "svg_that_cannot_be_drawn": (
        both(put("plan.svg", svg("<g>" * 3000 + '<rect width="9" height="9"/>' + "</g>" * 3000)), image("plan.svg")),
        "L009",
        f"{D1}:27:1",
    ),
    "unknown_style": (rewrite("edition.yaml", "style: reading", "style: raeding"), "L001", "try `reading`"),
    "unknown_setting": (
        rewrite("edition.yaml", "style: reading", "style: {name: reading, leding: 12pt}"), "L002", "try `leading`",
    ),
    "page_too_small_for_its_text": (
        rewrite("edition.yaml", "style: reading", "style: {name: reading, page-size: A5}"), "C020", "`page-by: margins`",
    ),
    "wrong_mode": (
        rewrite("edition.yaml", "original-pages: inline", "original-pages: inlin"), "Y023", "for `original-pages`; try `inline`",
    ),
    "list_of_styles": (
        rewrite("edition.yaml", "style: reading", "style: [reading]"), "Y022", "`style` must be a name or a mapping",
    ),
    "setting_of_the_wrong_kind": (
        rewrite("edition.yaml", "style: reading", "style: {name: reading, leading: wide}"), "L003", "length",
    ),
    "unknown_face": (
        rewrite("edition.yaml", "style: reading", "style: {name: reading, text-face: No Such Face}"), "L005", "No Such Face",
    ),
    "broken_css": (
        both(
            rewrite("edition.yaml", "style: reading", "style: mine"),
            put("styles/mine/style.yaml", b"title: Mine\nextends: reading\n"),
            put("styles/mine/text.css", b"p {\n  text-idnent: 2em;\n}\n"),
        ),
        "L007",
        "styles/mine/text.css:2:3",
    ),
    "style_reads_the_network": (
        both(
            rewrite("edition.yaml", "style: reading", "style: mine"),
            put("styles/mine/style.yaml", b"title: Mine\nextends: reading\n"),
            put("styles/mine/text.css", b"@import url(http://127.0.0.1:9/a.css);\np { background: url(/etc/hostname) }\n"),
        ),
        "L00",
        "127.0.0.1",
    ),
    "style_reads_a_file": (
        both(
            rewrite("edition.yaml", "style: reading", "style: mine"),
            put("styles/mine/style.yaml", b"title: Mine\nextends: reading\n"),
            put("styles/mine/text.css", b"p {\n  background: url(file:///etc/passwd)\n}\n"),
        ),
        "L008",
        "styles/mine/text.css:2:19",
    ),
    "style_has_a_broken_picture": (
        both(
            rewrite("edition.yaml", "style: reading", "style: mine"),
            put("styles/mine/style.yaml", b"title: Mine\nextends: reading\n"),
            put("styles/mine/text.css", b"p::before { content: url(data:image/png;base64,AAAA) }\n"),
        ),
        "L009",
        "styles/mine/text.css:1:26",
    ),
    "style_imports_itself": (
        both(
            rewrite("edition.yaml", "style: reading", "style: mine"),
            put("styles/mine/style.yaml", b"title: Mine\nextends: reading\n"),
            put("styles/mine/text.css", b"@import url(http://127.0.0.1:9/a.css);\n@import 'text.css';\n"),
        ),
        "L007",
        "styles/mine/text.css:1:13",
    ),
    "style_that_extends_itself": (
        both(
            rewrite("edition.yaml", "style: reading", "style: mine"),
            put("styles/mine/style.yaml", b"title: Mine\nextends: mine\n"),
        ),
        "L001",
        "mine",
    ),
    "glyph_that_no_face_has": (append(D1, "\nThe sign 漢 is missing.\n"), "L006", "U+6F22"),
}  # fmt: skip


@pytest.mark.parametrize("name", STOPPED)
def test_it_stops_with_a_finding(folder: Path, name: str) -> None:
    spoil, code, more = STOPPED[name]
    spoil(folder)
    exit_code, output = build(folder)
    assert exit_code == 1, output
    assert code in output
    assert more in output
    assert "Traceback" not in output
    assert earlier_stands(folder)


REPORTED = {
    "note_without_call": (append(D1, "\n[^7]: Nobody calls it.\n"), "N001"),
    "original_pages_out_of_order": (append(D2, "\nOn [Page 20] and [Page 13] on.\n"), "P002"),
    "reference_to_nowhere": (append(D2, "\nSee [p. 99](#page-99).\n"), "R001"),
    "unused_allowance": (rewrite(D1, "id: d1", "id: d1\nallow: {R001: none}"), "A001"),
}


@pytest.mark.parametrize("name", REPORTED)
def test_it_is_built_and_reported(folder: Path, name: str) -> None:
    spoil, code = REPORTED[name]
    spoil(folder)
    exit_code, output = build(folder)
    assert exit_code == 0, output
    assert f"{code} " in output
    assert not earlier_stands(folder)


def test_a_note_that_nothing_calls_is_printed(folder: Path) -> None:
    from tests.reading import read_pdf

    append(D1, "\n[^7]: Nobody calls it.\n")(folder)
    built = pipeline.build(folder, folder.parent / "out")
    assert sum("Nobody calls it." in page.text for page in read_pdf(built.pdf)) == 1


@pytest.mark.parametrize("sign", ["[", "(", "*", "> ", "- ", "![", "[^", "{", "::: quote\n", "**", "`"])
def test_ten_thousand_opened_and_never_closed(folder: Path, sign: str) -> None:
    """Text or a finding, but no crash and no endless time."""
    append(D2, "\n" + sign * 10_000 + "x\n")(folder)
    result = CliRunner().invoke(app, ["check", str(folder), "--json"])
    assert result.exit_code in (0, 1)
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_all_mistakes_come_in_one_run(folder: Path) -> None:
    rewrite(D1, "source-note:", "sourcenote:")(folder)
    append(D1, "\nA call[^9].\n")(folder)
    rewrite(D2, "date:", "dote:")(folder)
    _, output = build(folder)
    assert "sourcenote" in output
    assert "N102" in output
    assert "dote" in output


def test_output_folder_that_is_a_file(folder: Path) -> None:
    out = folder.parent / "taken"
    out.write_text("here already")
    result = CliRunner().invoke(app, ["build", str(folder), "--out", str(out)])
    assert result.exit_code == 1
    assert "cannot" in result.output
    assert out.read_text() == "here already"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_output_folder(folder: Path) -> None:
    out = folder.parent / "locked"
    out.mkdir(mode=0o555)
    result = CliRunner().invoke(app, ["build", str(folder), "--out", str(out)])
    assert result.exit_code == 1
    assert "permission denied" in result.output


def test_no_room_for_the_output(folder: Path) -> None:
    """A limit on the size of files stands in for a full disk: both end a write in its middle."""
    out = folder.parent / "out"
    out.mkdir()
    earlier = out / "letters-from-the-harbour-volume-i.pdf"
    earlier.write_bytes(b"earlier")
    run = subprocess.run(
        [*EDITION, "build", str(folder), "--out", str(out)],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        check=False,
    )
    assert run.returncode == 1
    assert "cannot" in run.stderr
    assert "Traceback" not in run.stderr
    assert [path.name for path in out.iterdir()] == [earlier.name]
    assert earlier.read_bytes() == b"earlier"
