"""Real volumes imported: nothing of their three streams is lost, doubled or moved, and what is saved loads."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest
from tei_sample import imported

from edition import manuscript
from edition.importers import tei
from edition.importers.tei.comparison import differences
from edition.importers.tei.edition_streams import streams_of_edition
from edition.importers.tei.file_streams import streams_of_tei

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "frus"
VOLUMES = {
    "frus1872p2v5": (60, 293),
    "frus1897": (135, 644),
    "frus1918Russiav03": (293, 374),
    "frus1934v05": (728, 736),
}
"""How many notes TEI has, repeated ones counted again, and how many page breaks."""

needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the sample volumes are not here")


@needs_corpus
def test_the_volume_with_the_oddest_tables_loses_nothing(tmp_path: Path) -> None:
    path = CORPUS / "frus1872p2v5.xml"
    made = imported(path, tmp_path / "edition")
    streams = streams_of_edition(made.edition)
    assert (len(streams.notes), len(streams.breaks)) == VOLUMES["frus1872p2v5"]
    assert len(streams.body.split(" ")) > 140_000
    assert set(made.codes) <= {"I107", "I110", "I114"}


@needs_corpus
@pytest.mark.volumes
@pytest.mark.parametrize("name", VOLUMES)
def test_no_volume_loses_anything(tmp_path: Path, name: str) -> None:
    path = CORPUS / f"{name}.xml"
    start = process_time()
    made = tei.read(path)
    seconds = process_time() - start
    streams = streams_of_edition(made.edition)
    assert differences(streams_of_tei(path), streams) == []
    assert (len(streams.notes), len(streams.breaks)) == VOLUMES[name]
    manuscript.save(made.edition, tmp_path)
    loaded, findings = manuscript.load(tmp_path)
    assert findings == ()
    assert loaded == made.edition
    assert seconds < 30


@needs_corpus
@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("Majesty’s", "", "lost"),
        ("<p>The treaty", "<p>The The treaty", "doubled"),
        ('facs="0016"', 'facs="0099"', "page break"),
    ],
)
def test_the_proof_finds_planted_faults(tmp_path: Path, old: str, new: str, word: str) -> None:
    """The streams of the file against those of an edition made from a copy with one change."""
    text = (CORPUS / "frus1872p2v5.xml").read_text(encoding="utf-8")
    start = text.index(old)
    changed = tmp_path / "changed.xml"
    changed.write_text(text[:start] + new + text[start + len(old) :], encoding="utf-8")
    edition = streams_of_edition(tei.read(changed).edition)
    source = streams_of_tei(CORPUS / "frus1872p2v5.xml")
    found = differences(source, edition)
    assert found
    assert word in " ".join(map(str, found))
