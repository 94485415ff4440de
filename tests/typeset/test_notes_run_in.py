"""Notes that run on, in a finished and proven PDF: where they stand, in what order, and as what they are tagged."""

from __future__ import annotations

import pikepdf
import pytest

from edition import pipeline
from tests.reading import read_pdf
from tests.specimen import edition_of

LONG = "The harbour board kept this for itself and told the town nothing of it until the spring. " * 40
SENTENCE = "The tide was high and the quay was wet when a schooner came in with oil for the lamps of the town. "
DOCUMENT = f"""\
One[^1] and two[^2] and three[^3] and four[^4]. {SENTENCE * 3}

{SENTENCE * 12} Long.[^5] {SENTENCE * 30} After it.[^6]

[^1]: Short first.
[^2]: Short second.
[^3]: A paragraph of its own.

    And one more.
[^4]: Short fourth, which calls another.[^7]
[^5]: {LONG}
[^6]: Short sixth.
[^7]: Called from a note.
"""
VOLUME = "style: {name: reading, note-flow: run-in, page-size: A5, measure: 290pt, lines: 24}\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> pipeline.Built:
    folder = edition_of(tmp_path_factory.mktemp("run-in"), DOCUMENT, VOLUME)
    return pipeline.build(folder, folder / "out")


def test_short_notes_share_a_line_and_one_of_two_paragraphs_does_not(built: pipeline.Built) -> None:
    page = read_pdf(built.pdf)[0]
    text = "".join(character.text for character in page.characters)

    def height(words: str) -> float:
        return page.characters[text.index(words)].y

    assert height("Short first") == pytest.approx(height("Short second"), abs=0.5)
    assert height("A paragraph of") != pytest.approx(height("Short second"), abs=5)
    assert height("Short fourth") == pytest.approx(height("Called from a note"), abs=0.5)


def test_a_long_one_goes_on_over_pages_and_the_next_follows_in_its_line(built: pipeline.Built) -> None:
    parts = {}
    for page in built.pages.pages:
        for part in page.notes:
            parts.setdefault(part.id, []).append((page.index, part.continued))
    assert set(parts) == {f"d1-n{number}" for number in range(1, 8)}
    assert len(parts["d1-n5"]) > 1
    assert [continued for _, continued in parts["d1-n5"]] == [False] + [True] * (len(parts["d1-n5"]) - 1)
    assert all(len(where) == 1 for name, where in parts.items() if name != "d1-n5")
    called = {call: page.index for page in built.pages.pages for call in page.calls}
    assert {name: where[0][0] for name, where in parts.items()} == called


def test_each_is_one_note_of_the_structure(built: pipeline.Built) -> None:
    with pikepdf.open(built.pdf) as pdf:
        notes = [
            str(thing.ID)
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == pikepdf.Name.Note
        ]
    assert sorted(notes) == sorted({f"d1-n{number}" for number in range(1, 8)})
