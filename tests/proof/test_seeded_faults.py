"""Faults planted at random into clean documents: rules find them, and find nothing where none is planted."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.proof.seeding import KINDS, PLANTED, Kind, clean_documents, found_in, is_found

TIMES = 4


@pytest.mark.parametrize("seed", range(4))
def test_clean_documents_have_no_findings(seed: int, tmp_path: Path) -> None:
    files = clean_documents(random.Random(seed))
    assert {str(finding) for finding in found_in(files, tmp_path / "edition")} == set()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.codes], ids=lambda kind: kind.name)
def test_a_planted_fault_is_found(kind: Kind) -> None:
    assert sum(is_found(kind, seed) for seed in range(TIMES)) >= TIMES - 1


def test_of_all_that_a_rule_is_for_nearly_all_is_found() -> None:
    rows = [line.split("\t") for line in PLANTED.read_text("utf-8").splitlines()[1:]]
    planted = {name: (int(times), int(found)) for name, _, times, found in rows}
    assert planted.keys() == {kind.name for kind in KINDS}
    shares = [planted[kind.name] for kind in KINDS if kind.codes]
    assert len(shares) >= 40
    assert sum(found for _, found in shares) >= 0.95 * sum(times for times, _ in shares)
