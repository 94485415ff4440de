"""Files written whole or not at all."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from edition.files import ABANDONED_AFTER, UNFINISHED, write_files
from edition.findings import EditionError


def test_nothing_is_overwritten_unless_told_to(tmp_path: Path) -> None:
    write_files(tmp_path, {"a": "one", "b/c": b"two"})
    with pytest.raises(EditionError) as raised:
        write_files(tmp_path, {"a": "three", "d": "four"})
    assert [finding.code for finding in raised.value.findings] == ["F107"]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "b", "c"]
    assert (tmp_path / "a").read_text() == "one"
    write_files(tmp_path, {"a": "three"}, force=True)
    assert (tmp_path / "a").read_text() == "three"


def test_what_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    write_files(tmp_path, {"a": "one"})
    (tmp_path / "b").write_text("a file where a folder is wanted")
    with pytest.raises(EditionError) as raised:
        write_files(tmp_path, {"a": "two", "b/c": "three"}, force=True)
    assert [finding.code for finding in raised.value.findings] == ["F108"]
    assert (tmp_path / "a").read_text() == "one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_only_what_was_left_long_ago_is_swept_away(tmp_path: Path) -> None:
    old, new = tmp_path / f".a.pdf.x1{UNFINISHED}", tmp_path / f".a.pdf.x2{UNFINISHED}"
    other = tmp_path / f".b.pdf.x3{UNFINISHED}"
    for path in (old, new, other):
        path.write_text("half")
    long_ago = time.time() - ABANDONED_AFTER - 60
    for path in (old, other):
        os.utime(path, (long_ago, long_ago))
    write_files(tmp_path, {"a.pdf": b"whole"})
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([new.name, other.name, "a.pdf"])
