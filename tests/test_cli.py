"""The command line as a user meets it, and what becomes of the output when things go wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pikepdf
import pytest
from typer.testing import CliRunner

from edition import pipeline
from edition.cli import app

EDITION = [sys.executable, "-m", "edition"]
NAME = "letters-from-the-harbour-volume-i.pdf"


def run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pipeline.new(tmp_path / "edition")
    return tmp_path / "edition"


def whole(path: Path) -> bool:
    with pikepdf.open(path) as pdf:
        return len(pdf.pages) > 2


def test_new_then_build_then_check(tmp_path: Path) -> None:
    assert run("new", tmp_path / "mine")[0] == 0
    code, output = run("build", tmp_path / "mine", "--out", tmp_path / "out")
    assert code == 0, output
    assert whole(tmp_path / "out" / NAME)
    assert run("check", tmp_path / "mine")[1].splitlines()[-1] == "clean"


def test_new_overwrites_nothing(folder: Path) -> None:
    code, output = run("new", folder)
    assert code == 1
    assert "F021" in output


def test_json_is_all_that_is_printed(folder: Path, tmp_path: Path) -> None:
    code, output = run("build", folder, "--out", tmp_path, "--json")
    told = json.loads(output)
    assert code == 0
    assert (told["pages"], told["notes"], told["findings"]) == (5, 2, [])
    (folder / "documents" / "d1.md").write_text("")
    code, output = run("check", folder, "--format", "json")
    finding = json.loads(output)["findings"][0]
    assert code == 1
    assert finding["severity"] == "error"
    assert finding["place"]["path"].endswith("documents/d1.md")


def test_every_rule_is_explained() -> None:
    rules = pipeline.rules()
    assert len(rules) > 40
    for code, explanation in rules.items():
        assert re.fullmatch(r"[A-Z]\d{3}", code)
        assert run("explain", code.lower()) == (0, f"{code}\n\n{explanation}\n")
        assert explanation.splitlines()[0].endswith(".")


def test_an_unknown_rule_cannot_be_explained() -> None:
    code, output = run("explain", "N01")
    assert code == 2
    assert "try `N" in output


def test_a_word_that_is_no_command_is_told() -> None:
    assert run("biuld")[0] == 2


def test_help_loads_no_engine() -> None:
    """Help answers at once: nothing heavy is imported for it."""
    script = "import sys; sys.argv = ['edition', '--help']\nfrom edition.cli import app\n"
    script += "try: app()\nexcept SystemExit: pass\n"
    script += (
        "print(sorted({'weasyprint', 'pydantic', 'markdown_it', 'lxml', 'pikepdf', 'jinja2'} & set(sys.modules)))"
    )
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert output.splitlines()[-1] == "[]"
    assert "build" in output


def test_every_command_is_in_the_readme() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    for command in ("new", "build", "check", "concordance", "explain", "import text", "import tei"):
        assert f"edition {command}" in readme


def test_the_same_bytes_from_another_folder_at_another_time(tmp_path: Path) -> None:
    made = []
    for name, clock in (("one", "UTC"), ("another/place", "Asia/Tokyo")):
        pipeline.new(tmp_path / name / "edition")
        environment = {**os.environ, "TZ": clock, "PYTHONHASHSEED": str(len(made) + 1)}
        subprocess.run(
            [*EDITION, "build", "edition", "--out", "out"],
            cwd=tmp_path / name, env=environment, check=True, capture_output=True,
        )  # fmt: skip
        made.append((tmp_path / name / "out" / NAME).read_bytes())
        time.sleep(1.1)
    assert made[0] == made[1]


def test_two_builds_into_one_folder_at_once(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [*EDITION, "build", str(folder), "--out", str(out)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    for process in both:
        assert process.communicate(timeout=120)[1] is not None
        assert process.returncode == 0
    assert whole(out / NAME)
    assert [path.name for path in out.iterdir() if path.suffix == ".pdf" or path.name.startswith(".")] == [NAME]


@pytest.mark.parametrize("after", [0.3, 0.9, 1.4])
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_build_leaves_what_was_there(folder: Path, tmp_path: Path, sign: int, after: float) -> None:
    out = tmp_path / "out"
    pipeline.build(folder, out)
    before = (out / NAME).read_bytes()
    document = folder / "documents" / "d1.md"
    document.write_text(document.read_text("utf-8").replace("her papers", "all her papers"), "utf-8")
    process = subprocess.Popen(
        [*EDITION, "build", str(folder), "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(after)
    process.send_signal(sign)
    _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    assert whole(out / NAME)
    left = (out / NAME).read_bytes()
    assert pipeline.build(folder, out).pages.pages
    assert (out / NAME).read_bytes() != before
    # a signal that comes after the file was renamed finds the new one there: never anything in between
    assert left in (before, (out / NAME).read_bytes())
    assert process.returncode or left != before
    if sign == signal.SIGINT and process.returncode and left == before:  # and not on its way out already
        assert process.returncode == 130
        assert "each file that was there is whole" in errors
        assert not [path for path in out.iterdir() if path.name.startswith(".")]


def test_import_text_reports_and_overwrites_nothing(tmp_path: Path) -> None:
    raw = tmp_path / "17.txt"
    raw.write_text(
        "861.24/441\n\nMemorandum by the Harbour Master\n\nThe tide was high3 and the quay [Page 12] was wet.\n\n"
        "J[ohn] Mason\n  1. At six in the morning.\n",
        "utf-8",
    )
    into = tmp_path / "edition"
    code, output = run("import", "text", raw, "--into", into)
    assert code == 0, output
    text = (into / "documents" / "d17.md").read_text("utf-8")
    assert "was high[^3] and" in text
    assert "[^3]: At six in the morning." in text
    assert "I002" in output
    assert run("check", into)[0] == 0
    code, output = run("import", "text", raw, "--into", into)
    assert code == 1
    assert "d17.md" in output
    assert (into / "documents" / "d17.md").read_text("utf-8") == text
    assert run("import", "text", raw, "--into", into, "--force")[0] == 0


def test_import_of_what_is_no_text(tmp_path: Path) -> None:
    raw = tmp_path / "a.txt"
    raw.write_bytes(b"caf\xe9")
    code, output = run("import", "text", raw, "--into", tmp_path / "edition")
    assert code == 1
    assert f"{raw}:1:4" in output
    assert not (tmp_path / "edition").exists()
