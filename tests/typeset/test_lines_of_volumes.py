"""The text of the sample volumes in planned lines: the same, letter for letter, as line by line."""

from __future__ import annotations

from html import escape

import pytest
from volume_parts import needs_corpus

from tests.bench_lines import VOLUMES, paragraphs
from tests.typeset.test_lines import lay_out, right_edge, said, text_of

STYLES = {
    "reading": 'body { font: 10.6pt/13.5pt "Linux Libertine O"; width: 324pt } @page { size: 500px 700px }',
    "narrow": 'body { font: 10pt/12pt "TeX Gyre Schola"; width: 234pt } @page { size: 500px 700px }',
}
ALL = 10**6
AT_ONCE = 400
"""So many paragraphs are laid out together."""


def check(texts: tuple[str, ...], style: str) -> None:
    body = "".join(f"<p>{escape(text)}</p>" for text in texts)
    planned, count = lay_out(body, style)
    greedy, _ = lay_out(body, style + "html { --lines: off }")
    assert text_of(planned) == text_of(greedy)
    assert count.planned == len(texts)
    assert not count.unplanned
    for line in planned:
        if " " in said(line).strip():
            assert right_edge(line) <= 30 + 324 / 0.75 + 5, said(line)


@needs_corpus
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("volume", VOLUMES)
def test_the_text_of_a_part_is_what_it_is_line_by_line(volume: str, style: str) -> None:
    check(paragraphs(volume, 80), STYLES[style])


@needs_corpus
@pytest.mark.volumes
@pytest.mark.parametrize("volume", VOLUMES)
def test_the_text_of_a_volume_is_what_it_is_line_by_line(volume: str) -> None:
    texts = paragraphs(volume, ALL)
    for start in range(0, len(texts), AT_ONCE):
        check(texts[start : start + AT_ONCE], STYLES["reading"])
