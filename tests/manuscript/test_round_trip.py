"""What is saved is read again as it was: for generated documents and editions."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from strategies import QUICK, Around, documents, editions

from edition.manuscript import load, load_document, save, save_document
from edition.model import Document, Edition
from edition.source import Source

IMAGES = ("plate.png", "plates/a (b).png", "plates/c*d.png")


@QUICK
@given(documents(Around(images=IMAGES)))
def test_a_saved_document_is_read_as_it_was(document: Document) -> None:
    text = save_document(document)
    read, _ = load_document(Source("d.md", text))
    assert read == document
    assert save_document(read) == text


@QUICK
@given(editions(images=IMAGES))
def test_a_saved_edition_is_loaded_as_it_was(edition: Edition) -> None:
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        (directory / "plates").mkdir()
        for image in IMAGES:
            (directory / image).touch()
        save(edition, directory)
        loaded, _ = load(directory)
        assert loaded == edition
