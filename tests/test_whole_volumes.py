"""Each sample volume whole: imported and built with nothing lost, no note off its page, and nothing that is our fault.

`make test-volumes` runs them; each takes minutes. What they measure is for docs/volumes.md: `python -m tests.volumes`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from volumes import CORPUS, HEADS, make, table

from tests.verapdf import assert_archival

VOLUMES = {
    "frus1872p2v5": (60, 293),
    "frus1897": (135, 644),
    "frus1918Russiav03": (293, 374),
    "frus1934v05": (728, 736),
}
"""How many notes TEI has, repeated ones counted again, and how many page breaks."""

OF_THE_SOURCE = {
    "I107", "I110", "I111", "I112", "I114",  # what TEI says that an edition cannot: see each rule
    "N003", "N004", "N005", "N006",  # marks as printed, which skip and repeat
    "P001", "P002", "P003", "P004", "P005", "P006",  # numbers of pages as printed, which skip and repeat
    "R002", "R003",  # references to other volumes, to persons who are in no list
}  # fmt: skip
"""Findings that are about what the source says."""
OF_PROOFREADING = ("W", "N2", "S2", "T1")
"""How the codes of rules begin that look for misreadings, and for lines and pages that a typographer would mend."""

pytestmark = [
    pytest.mark.volumes,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the sample volumes are not beside the project"),
]


@pytest.mark.parametrize("name", VOLUMES)
def test_a_whole_volume(name: str, tmp_path: Path) -> None:
    made = make(name, tmp_path)
    found, proof = made.imported.found, made.built.proof
    print(table([made.row]))
    assert found
    assert (found.notes, found.page_breaks) == VOLUMES[name]
    assert proof.page_breaks == found.page_breaks
    assert not [str(finding) for finding in made.built.findings if finding.code in ("T001", "T002", "T003")]
    ours = [
        str(finding)
        for finding in (*made.imported.findings, *made.built.findings)
        if finding.code not in OF_THE_SOURCE and not finding.code.startswith(OF_PROOFREADING)
    ]
    assert ours[:20] == []
    assert_archival(made.built.pdf)


def test_the_table_has_a_cell_under_every_head() -> None:
    lines = table([["x"] * len(HEADS)]).splitlines()
    assert {line.count("|") for line in lines} == {len(HEADS) + 1}
