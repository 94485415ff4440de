"""What saving writes: text that an editor could have typed, and nothing over what is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edition.findings import EditionError
from edition.manuscript import load, load_document, save, save_document
from edition.model import (
    Container,
    Document,
    Edition,
    Emphasis,
    Generated,
    Heading,
    Inline,
    LineBreak,
    Named,
    NoteCall,
    PageBreak,
    Paragraph,
    Reference,
    Span,
    Strong,
    Text,
)
from edition.model import OriginalPage as Page
from edition.source import Source

EDITION = Edition("T", (Generated("title-page"), Document("d1", blocks=(Paragraph((Text("One."),)),))))


@pytest.mark.parametrize(
    ("inlines", "written"),
    [
        ((Text("1861. In that year"),), "1861. In that year"),
        ((Text("S[umner] W[elles]"),), "S[umner] W[elles]"),
        (
            (Text("<b> &amp; snake_case_ a|b {x} ~c~ `d` https://a.org!"),),
            "<b> &amp; snake_case_ a|b {x} ~c~ `d` https://a.org!",
        ),
        ((Text("[Page 404] and [Page torn] and [^ x]"),), "\\[Page 404] and [Page torn] and \\[^ x]"),
        ((Text("[sic](see below) [a](b) [c]{d}"),), "[sic](see below) [a\\](b) [c\\]{d}"),
        ((Text("a\\b \\* \\"),), "a\\b \\\\* \\\\"),
        ((Text("* * * and **** and one* only"),), "* * * and **** and one* only"),
        ((Text("5*3*2"),), "5\\*3\\*2"),
        ((Text("# a"),), "\\# a"),
        ((Text("#5 a"),), "#5 a"),
        ((Text("- a"),), "\\- a"),
        ((Text("-- a"),), "-- a"),
        ((Text("> a"),), "\\> a"),
        ((Text("::: a"),), "\\::: a"),
        ((Text(": a"),), ": a"),
        ((Text("a"), LineBreak(), Text(": b")), "a\\\n\\: b"),
        ((NoteCall("1"), Text(": b")), "[^1]\\: b"),
        ((Emphasis((Text("a"),)), Text("b"), Strong((Text("c"),))), "*a*b**c**"),
        ((Emphasis((Text("a "),)), Text("b")), "[a ]{.i}b"),
        ((PageBreak(Page("4")), Text("{a}")), "[Page 4]\\{a}"),
        ((Text("a"), PageBreak(Page("30", printed=False), "p", "0468"), Text("b")), "a[Page [30]]{#p facs=0468}b"),
        ((Span("gap", (), (("reason", 'torn "off"'),)),), '[]{.gap reason="torn \\"off\\""}'),
        ((Span("foreign", (Text("Tag"),), (("lang", "de"),)),), "[Tag]{lang=de}"),
        ((Reference("https://a.org/x_(y)", (Text("a]"),)),), "[a\\]](https://a.org/x_(y))"),
    ],
)
def test_escapes_stand_only_where_they_must(inlines: tuple[Inline, ...], written: str) -> None:
    document = Document("d", blocks=(Paragraph(inlines),))
    text = save_document(document)
    assert text == f"---\nid: d\n---\n\n{written}\n"


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("861.24/441", "861.24/441"),
        ("Conversation, by the Under Secretary (Welles)", "Conversation, by the Under Secretary (Welles)"),
        ("861.24/441: Telegram", '"861.24/441: Telegram"'),
        ("“Quoted” — §", "“Quoted” — §"),
        ('"Quoted"', "'\"Quoted\"'"),
        ("[Washington]", '"[Washington]"'),
        ("- a", '"- a"'),
        ("no", "no"),
        ("*a*", '"*a*"'),
    ],
)
def test_yaml_is_quoted_only_where_it_must(title: str, written: str) -> None:
    text = f"---\nid: d\nrunning-title: {written}\n---\n"
    document, _ = load_document(Source("d.md", text))
    assert document.running_title == title
    assert save_document(document) == text


def test_a_head_of_two_lines_in_a_verse() -> None:
    head = Heading(1, (Text("a"), LineBreak(), Text("b")), "h")
    document = Document("d", blocks=(Container("verse", (head,)),))
    text = save_document(document)
    assert "# a\\\nb {#h}" in text
    assert load_document(Source("d.md", text))[0] == document


def test_nothing_is_overwritten_unless_forced(tmp_path: Path) -> None:
    written = save(EDITION, tmp_path)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in written) == ["documents/d1.md", "edition.yaml"]
    (tmp_path / "edition.yaml").unlink()
    (tmp_path / "documents" / "d1.md").write_text("mine")
    with pytest.raises(EditionError, match="F107"):
        save(EDITION, tmp_path)
    assert (tmp_path / "documents" / "d1.md").read_text() == "mine"
    assert not (tmp_path / "edition.yaml").exists()
    save(EDITION, tmp_path, force=True)
    assert load(tmp_path)[0] == EDITION
    assert [name for name in os.listdir(tmp_path) if name.startswith(".")] == []


def test_persons_that_are_gone_are_gone_from_the_folder(tmp_path: Path) -> None:
    save(Edition("T", (), persons=(Named("p", "P"),)), tmp_path)
    save(Edition("T", ()), tmp_path, force=True)
    assert load(tmp_path)[0].persons == ()


def test_a_file_in_the_way_of_a_folder_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("a file")
    with pytest.raises(EditionError, match="F108"):
        save(EDITION, tmp_path)
    assert os.listdir(tmp_path) == ["documents"]


@pytest.mark.parametrize("ids", [("../d",), ("",), ("d/e",), ("D1", "d1")])
def test_ids_that_cannot_be_names_of_files(tmp_path: Path, ids: tuple[str, ...]) -> None:
    with pytest.raises(EditionError, match="S10"):
        save(Edition("T", tuple(Document(name) for name in ids)), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_what_is_not_in_normal_form_is_saved_as_what_it_says() -> None:
    inlines = (Text(" a\n"), Text("b"), Emphasis((Text(""), Text("c\td"))), Text(" "))
    text = save_document(Document("d", blocks=(Paragraph(inlines),)))
    assert text.endswith("\n\na b*c d*\n")
