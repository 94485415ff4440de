"""The sample volumes in fragments: page by page what one run of the engine makes of them.

A part of each belongs to every change; `make test-volumes` compares them whole, which takes minutes a volume.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from volume_parts import Cut, cut, needs_corpus
from volumes import CORPUS

from edition import manuscript, pipeline
from edition.model import OriginalPages, StyleChoice
from edition.styles import load_style
from edition.typeset.fragments.cutting import trouble_with_fragments
from tests.typeset.agreement import differences

pytestmark = needs_corpus

PARTS: dict[str, tuple[str, OriginalPages, tuple[Cut, ...]]] = {
    "frus1872p2v5": (
        "reading",
        "inline",
        (Cut("contents1", rows=4), Cut("chapter7", dict.fromkeys(range(5))), Cut("chapter9")),
    ),
    "frus1897": ("frus", "margin", (Cut("ch4"), Cut("ch74"), Cut("index", items=2))),
    "frus1918Russiav03": ("reading", "facsimile", (Cut("toc"), Cut("ch5subch1", dict.fromkeys(range(6))))),
    "frus1934v05": ("frus", "inline", (Cut("papers", rows=1), Cut("ch7"), Cut("ch9"))),
}
"""By volume: style, how original pages are shown, what is taken of it."""

WHOLE: dict[str, tuple[str, OriginalPages]] = {
    "frus1872p2v5": ("reading", "facsimile"),
    "frus1897": ("frus", "inline"),
    "frus1918Russiav03": ("reading", "margin"),
    "frus1934v05": ("frus", "inline"),
}
LOOK_AT = 25
"""Of a whole volume's pages every so many are compared as pictures, too."""


def unlike(source: Path, folder: Path, style_name: str, mode: OriginalPages, look_at: int = 1) -> list[str]:
    """What is not alike in a TEI file's book in fragments and in one run."""
    pipeline.import_tei(source, folder)
    edition = replace(manuscript.load(folder)[0], style=StyleChoice(style_name), original_pages=mode)
    style = load_style(edition.style, folder)
    assert not trouble_with_fragments(style.sheets)
    return differences(edition, style, folder, look_at=look_at)


@pytest.mark.parametrize("name", PARTS)
def test_a_part_of_a_volume_is_as_in_one_run(name: str, tmp_path: Path) -> None:
    style, mode, cuts = PARTS[name]
    source = tmp_path / f"{name}.xml"
    source.write_bytes(cut(name, *cuts))
    assert unlike(source, tmp_path / "edition", style, mode) == []


@pytest.mark.volumes
@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_volume_is_as_in_one_run(name: str, tmp_path: Path) -> None:
    style, mode = WHOLE[name]
    assert unlike(CORPUS / f"{name}.xml", tmp_path / "edition", style, mode, LOOK_AT)[:20] == []
