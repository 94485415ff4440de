"""Proofreading: comparison, comments, divided words, galley and report, from finished PDFs and what made them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from edition.files import write_files

if TYPE_CHECKING:
    from edition.pipeline.building import Progress
    from edition.proof.comparison import Compared


def compare(
    old: Path,
    new: Path,
    *,
    pictures: Path | None = None,
    look: bool = False,
    progress: Progress = lambda _: None,
) -> Compared:
    """Compare two PDFs; with `pictures` write pages that differ there, and a page of HTML for reading them.

    With `look` also those are pictured that only look different. Raises EditionError for what is no PDF.
    """
    from edition.proof.book import read_book
    from edition.proof.comparison import compare_books

    with _nothing_thrown_away():
        progress("reading")
        books = read_book(old), read_book(new)
        progress("comparing")
        compared = compare_books(*books)
    if pictures is not None:
        progress("drawing")
        write_comparison(compared, pictures, look)
    return compared


def write_comparison(compared: Compared, folder: Path, look: bool, name: str = "comparison.html") -> Path:
    """Write pictures of pages that differ, and the page of HTML that shows them, last."""
    from edition.proof.comparison.pictures import pictures_of
    from edition.proof.comparison.telling import comparison_html

    shown = {}
    for pair, names, files in pictures_of(compared, look):
        write_files(folder, files, force=True)
        shown[pair] = names
    (page,) = write_files(folder, {name: comparison_html(compared, shown)}, force=True)
    return page


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """Let Python not look for garbage meanwhile: among a million words that stay that costs a quarter."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
