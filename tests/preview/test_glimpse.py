"""Pages that are shown before the rest of the book is made are those that the book has then."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from edition.pipeline import Builder, Glimpsed, How
from edition.preview.shown import Digests, shown_glimpse
from tests.preview.quay import SENTENCE

CHAPTERS = ("North", "East", "South")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "documents").mkdir()
    contents = "".join(
        f"  - division: chapter\n    id: {name.lower()}\n    title: {name}\n    contents: [documents/{name}.md]\n"
        for name in CHAPTERS
    )
    (tmp_path / "edition.yaml").write_text(
        f"title: Winds\nlanguage: en\ncontents:\n  - generated: contents\n{contents}", "utf-8"
    )
    for number, name in enumerate(CHAPTERS):
        (tmp_path / f"documents/{name}.md").write_text(
            f'---\nid: d{number}\ntitle: The {name} Wind\nstart-page: "{10 * number}"\n---\n\nA word.[^1]\n\n'
            f"{SENTENCE * 60} See [the south](#d2). [Page {10 * number + 1}] {SENTENCE * 30}\n\n[^1]: A note.\n",
            "utf-8",
        )
    return tmp_path


def built_after(folder: Path, looked_at: int, change: dict[str, str], words: tuple[str, str] = ("", "")) -> None:
    """Build, change something, and hold the glimpse of the second build against its book."""
    seen: list[Glimpsed] = []
    with Builder(folder, how=How(cache=False)) as builder:
        builder.glimpsed = seen.append
        first = builder.make()
        assert seen == [], "there is nothing to compare with"
        path = folder / "documents/East.md"
        path.write_text(path.read_text("utf-8").replace(*words), "utf-8")
        builder.changes, builder.looked_at = change, looked_at
        made = builder.make()
    (glimpsed,) = seen
    glimpse = shown_glimpse(glimpsed)
    assert 0 < len(glimpse.pages) < len(made.pages.pages)
    wanted = looked_at if change else first.pages.first_pages()["d1"].index
    assert glimpse.first <= wanted < glimpse.first + glimpse.replaced
    final = Digests().of(made.pages)
    if len(made.pages.pages) == len(first.pages.pages):
        assert [page.digest for page in glimpse.pages] == final[glimpse.first : glimpse.first + len(glimpse.pages)]
        alone, whole = pypdfium2.PdfDocument(glimpse.pdf), pypdfium2.PdfDocument(made.pdf)
        for number in range(len(glimpse.pages)):
            one, other = (
                book[at].render().to_pil() for book, at in ((alone, number), (whole, glimpse.first + number))
            )
            assert one.tobytes() == other.tobytes()


def test_the_chapter_with_a_changed_word_comes_first(folder: Path) -> None:
    built_after(folder, 0, {}, ("A word.", "Another word."))


def test_the_chapter_that_is_looked_at_comes_first_where_all_change(folder: Path) -> None:
    built_after(folder, 3, {"mark-colour": "#00a000", "text-size": "10.5pt"})
    built_after(folder, 0, {"text-size": "10.5pt"})


def test_a_setting_that_moves_all_pages(folder: Path) -> None:
    built_after(folder, 5, {"text-size": "14pt", "leading": "18pt", "lines": "28"})


def test_where_chapters_come_or_go_the_book_is_made_at_once(folder: Path) -> None:
    seen: list[Glimpsed] = []
    with Builder(folder, how=How(cache=False)) as builder:
        builder.glimpsed = seen.append
        builder.make()
        volume = folder / "edition.yaml"
        volume.write_text(volume.read_text("utf-8").replace("  - generated: contents\n", ""), "utf-8")
        assert builder.make().pages.pages
        assert seen == []
        builder.make()
        assert seen == [], "nothing changed"
