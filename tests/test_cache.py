"""What is kept between builds: whole or not at all, shared, bounded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edition.cache import Disk, Layered, key_of


def test_what_is_put_is_got(tmp_path: Path) -> None:
    Disk(tmp_path).put("abc", b"content")
    assert Disk(tmp_path).get("abc") == b"content"
    assert Disk(tmp_path).get("abd") is None


@pytest.mark.parametrize(
    "spoilt",
    [b"", b"x", lambda whole: whole[:-1], lambda whole: whole[:-1] + b"?", lambda whole: whole + b"?"],
)
def test_a_damaged_entry_is_none(tmp_path: Path, spoilt: object) -> None:
    disk = Disk(tmp_path)
    disk.put("abc", b"content")
    path = disk.path("abc")
    path.write_bytes(spoilt(path.read_bytes()) if callable(spoilt) else spoilt)  # type: ignore[arg-type]
    assert disk.get("abc") is None
    disk.put("abc", b"content")
    assert disk.get("abc") == b"content"


def test_an_entry_under_another_s_name_is_none(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    disk.put("abc", b"content")
    disk.path("abd").write_bytes(disk.path("abc").read_bytes())
    assert disk.get("abd") is None


def test_the_oldest_go_when_there_is_too_much(tmp_path: Path) -> None:
    disk = Disk(tmp_path, limit=1000)
    for number in range(20):
        disk.put(f"key{number}", b"x" * 100)
        os.utime(disk.path(f"key{number}"), (number, number))
    assert disk.get("key3") is not None  # used last now
    disk.tidy()
    kept = [number for number in range(20) if disk.path(f"key{number}").exists()]
    assert 3 in kept
    assert kept[-1] == 19
    assert 0 < sum(path.stat().st_size for path in tmp_path.glob("*/*")) <= 800


def test_a_folder_that_cannot_be_written_to_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    disk = Disk(tmp_path / "file")
    disk.put("abc", b"content")
    disk.tidy()
    assert disk.get("abc") is None
    layered = Layered(disk)
    layered.put("abc", b"content")
    assert layered.get("abc") == b"content"  # within this process


def test_no_half_written_entry_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    Disk(tmp_path).put("abc", b"content")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@given(st.lists(st.text()), st.lists(st.text()))
def test_other_texts_other_keys(one: list[str], other: list[str]) -> None:
    assert (key_of(*one) == key_of(*other)) == (one == other)
