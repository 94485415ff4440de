"""A little edition that is previewed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from edition.preview import Preview
from tests.preview.quay import wait_until, write_edition


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_edition(tmp_path / "quay")


@pytest.fixture
def preview(folder: Path) -> Iterator[Preview]:
    """A preview that shows its first build."""
    with Preview(folder, editor="editor://open/{path}:{line}:{column}") as running:
        wait_until(lambda: running.session.number)
        yield running


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview for tests that change nothing."""
    folder = write_edition(tmp_path_factory.mktemp("standing") / "quay")
    with Preview(folder, editor="editor://open/{path}:{line}:{column}") as running:
        wait_until(lambda: running.session.number)
        yield running
