"""How many calls are found in real documents, turned into the raw form and imported again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from flattened import calls, characters, without_space
from raw_form import raw_documents

from edition.importers.plain_text import read
from edition.source import Source

CORPUS = Path(__file__).parents[3] / "shared/corpus/frus"


@pytest.fixture(scope="module")
def counted() -> Counter[str]:
    """Calls of documents that are numbered consecutively, and of all documents that were read confidently."""
    if not CORPUS.is_dir():
        pytest.skip(f"the sample volumes are not at {CORPUS}")
    counts: Counter[str] = Counter()
    for volume in sorted(CORPUS.glob("*.xml")):
        raws = list(raw_documents(volume))
        documents = read([Source(f"{raw.id}.txt", raw.text) for raw in raws]).documents
        for raw, document in zip(raws, documents, strict=True):
            found = calls(document)
            right = len(set(found) & set(raw.calls))
            counts["confident"] += len(found)
            counts["confident and wrong"] += len(found) - right
            if raw.consecutive:
                counts["true"] += len(raw.calls)
                counts["right"] += right
            if not found and sorted(characters(document)) != sorted(without_space(raw.text)):
                counts["changed without confidence"] += 1
    return counts


def test_nineteen_of_twenty_calls_are_found(counted: Counter[str]) -> None:
    assert counted["true"] > 700
    assert counted["right"] / counted["true"] >= 0.95, counted


def test_one_of_a_hundred_is_wrong_at_most(counted: Counter[str]) -> None:
    assert counted["confident and wrong"] / counted["confident"] <= 0.01, counted


def test_no_text_is_changed_without_confidence(counted: Counter[str]) -> None:
    assert counted["changed without confidence"] == 0, counted
