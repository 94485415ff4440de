"""Whatever stands in the folder, there is a finding with its place and never a traceback, and it is quick."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from edition.findings import EditionError, Finding
from edition.manuscript import load, load_document
from edition.source import Source

FRONT = "---\nid: d\n---\n"


def findings_of(directory: Path) -> list[Finding]:
    with pytest.raises(EditionError) as caught:
        load(directory, label="E")
    return list(caught.value.findings)


def shown(directory: Path) -> list[str]:
    """Place and code of everything found."""
    return [f"{finding.place} {finding.code}" for finding in findings_of(directory)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound edition of one document."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "edition.yaml").write_text("title: T\n")
    (tmp_path / "documents" / "d.md").write_text(FRONT + "Text.\n")
    load(tmp_path)
    return tmp_path


def document(folder: Path, text: str | bytes) -> Path:
    (folder / "documents" / "d.md").write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def volume(folder: Path, text: str) -> Path:
    (folder / "edition.yaml").write_text(text)
    return folder


# Files


def test_no_folder(tmp_path: Path) -> None:
    assert shown(tmp_path / "nowhere") == ["E:1:1 F101"]


def test_no_edition_yaml(tmp_path: Path) -> None:
    assert shown(tmp_path) == ["E/edition.yaml:1:1 F101"]


def test_places_name_files_as_the_user_would(folder: Path) -> None:
    document(folder, "")
    with pytest.raises(EditionError) as caught:
        load(folder)
    place = caught.value.findings[0].place
    assert place
    assert place.path == f"{folder.as_posix()}/documents/d.md"


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing but a comment\n"])
def test_an_empty_edition_yaml_lacks_its_title(folder: Path, text: str) -> None:
    assert shown(volume(folder, text)) == ["E/edition.yaml:1:1 Y021"]


def test_an_empty_document_has_no_front_matter(folder: Path) -> None:
    assert shown(document(folder, "")) == ["E/documents/d.md:1:1 Y001"]


def test_front_matter_without_end(folder: Path) -> None:
    assert shown(document(folder, "---\nid: d\n")) == ["E/documents/d.md:1:1 Y001"]


def test_text_in_another_encoding_is_named_at_its_first_byte(folder: Path) -> None:
    text = FRONT.encode() + "Füße\n".encode("latin-1")
    assert shown(document(folder, text)) == ["E/documents/d.md:4:2 F104"]


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x0c", "\x1b", "\x85", "\u2028", "\ufffe"])
def test_control_characters(folder: Path, sign: str) -> None:
    assert shown(document(folder, FRONT + f"ab{sign}c\n")) == ["E/documents/d.md:4:3 F105"]


@pytest.mark.parametrize("escape", ["\\0", "\\a", "\\e", "\\N", "\\L", "\\uFFFE"])
def test_control_characters_by_escape(folder: Path, escape: str) -> None:
    text = f'---\nid: d\ntitle: "a{escape}"\n---\n'
    assert shown(document(folder, text)) == ["E/documents/d.md:3:8 F105"]


def test_a_line_of_a_hundred_megabytes_is_refused_unread(folder: Path) -> None:
    with (folder / "documents" / "d.md").open("wb") as file:
        file.truncate(100 * 2**20)
    started = time.monotonic()
    assert shown(folder) == ["E/documents/d.md:1:1 F103"]
    assert time.monotonic() - started < 1


def test_a_picture_is_no_text(folder: Path) -> None:
    assert shown(document(folder, b"\x89PNG\r\n\x1a\n\0\0")) == ["E/documents/d.md:1:1 F104"]


def test_a_folder_is_no_document(folder: Path) -> None:
    (folder / "documents" / "e.md").mkdir()
    volume(folder, "title: T\ncontents:\n  - documents/e.md\n")
    assert shown(folder) == ["E/documents/e.md:1:1 F102"]


def test_a_pipe_is_no_document_and_does_not_block(folder: Path) -> None:
    os.mkfifo(folder / "documents" / "e.md")
    volume(folder, "title: T\ncontents:\n  - documents/e.md\n")
    assert shown(folder) == ["E/documents/e.md:1:1 F102"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(folder: Path) -> None:
    (folder / "documents" / "d.md").chmod(0)
    assert shown(folder) == ["E/documents/d.md:1:1 F102"]


def test_line_ends_and_byte_order_mark_are_accepted(folder: Path) -> None:
    text = b"\xef\xbb\xbf---\r\nid: d\r\n---\r\n\r\nOne\r\ntwo[^x]\r\n"
    assert shown(document(folder, text)) == ["E/documents/d.md:6:4 N102"]
    load(document(folder, text.replace(b"[^x]", b"")))


# edition.yaml


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: T\ntitle: U\n", "2:1 Y011"),
        ("title: T\nstlye: frus\n", "2:1 Y020"),
        ("title: T\nnotes: {numbring: page}\n", "2:9 Y020"),
        ("title: T\nnotes: {numbering: pages}\n", "2:20 Y023"),
        ("title: T\noriginal-pages: margins\n", "2:17 Y023"),
        ("title: [T]\n", "1:8 Y022"),
        ("title: T\neditors: One\n", "2:10 Y022"),
        ("title: T\nstyle: [frus]\n", "2:8 Y022"),
        ("title: T\nstyle: {name: frus, margins: [1in]}\n", "2:30 Y022"),
        ("- title\n", "1:1 Y022"),
        ("just text\n", "1:1 Y022"),
        ("title: a: b\n", "1:9 Y010"),
        ("title: 'open\n", "2:1 Y010"),
        ("title: T\n\tvolume: V\n", "2:1 Y010"),
        ("title: T\n---\ntitle: U\n", "2:1 Y010"),
        ("title: &a T\n", "1:8 Y012"),
        ("title: !!python/object/apply:os.system [ls]\n", "1:8 Y012"),
        ("title: T\nlanguage: English language\n", "2:11 M002"),
        ("title: T\nid: 1 2\n", "2:5 S101"),
        ("title: T\ncontents: documents/d.md\n", "2:11 Y022"),
        ("title: T\ncontents:\n  - generated: indexx\n", "3:16 Y023"),
        ("title: T\ncontents:\n  - divison: chapter\n", "3:5 Y022"),
        ("title: T\ncontents:\n  - division: chapters\n", "3:15 Y023"),
        ("title: T\ncontents:\n  - division: chapter\n    tilte: x\n", "4:5 Y020"),
        ("title: T\ncontents:\n  - division: chapter\n    title: A[^1]\n", "4:13 N102"),
        ("title: T\ncontents:\n  - [documents/d.md]\n", "3:5 Y022"),
        ("title: T\ncontents:\n  - documents/e.md\n", "3:5 F101"),
        ("title: T\ncontents:\n  - documents/e*.md\n", "3:5 F109"),
        ("title: T\ncontents:\n  - documents/d.md\n  - documents/*.md\n", "4:5 S103"),
        ("title: T\ncontents:\n  - ../d.md\n", "3:5 F106"),
        ("title: T\ncontents:\n  - documents/../../*.md\n", "3:5 F106"),
        ("title: T\ncontents:\n  - /etc/passwd\n", "3:5 F106"),
        ("title: T\ncontents:\n  - http://a.org/d.md\n", "3:5 F106"),
    ],
)
def test_edition_yaml(folder: Path, text: str, expected: str) -> None:
    assert f"E/edition.yaml:{expected}" in shown(volume(folder, text))


def test_a_hint_names_the_nearest_key(folder: Path) -> None:
    [finding] = findings_of(volume(folder, "title: T\norignal-pages: margin\n"))
    assert finding.hint == "try `original-pages`"


def test_a_hint_names_the_nearest_file(folder: Path) -> None:
    [finding] = findings_of(volume(folder, "title: T\ncontents:\n  - documents/dd.md\n"))
    assert finding.hint == "try `documents/d.md`"


def test_an_alias_bomb_is_refused_at_once(folder: Path) -> None:
    lines = ["title: T", "a: &a [x, x]"]
    lines += [f"{key}: &{key} [*{before}, *{before}]" for before, key in zip("abcdefgh", "bcdefghi", strict=True)]
    assert "E/edition.yaml:3:4 Y012" in shown(volume(folder, "\n".join(lines) + "\n"))


@pytest.mark.parametrize(
    "text", ["[" * 10_000, "{a: " * 10_000, "\n" + "\n".join("  " * n + "- a:" for n in range(99))]
)
def test_deep_yaml_is_refused(folder: Path, text: str) -> None:
    assert "Y013" in {finding.code for finding in findings_of(volume(folder, f"title: T\nx: {text}\n"))}


def test_equal_ids_of_documents_and_divisions(folder: Path) -> None:
    (folder / "documents" / "e.md").write_text(FRONT)
    volume(folder, "title: T\ncontents:\n  - documents/*.md\n  - {division: part, id: d}\n")
    assert shown(folder) == ["E/documents/e.md:1:1 S102", "E/edition.yaml:4:5 S102"]


def test_mistakes_in_all_files_are_found_in_one_run(folder: Path) -> None:
    volume(folder, "titel: T\ncontents:\n  - documents/*.md\n")
    document(folder, FRONT + "A[^1] and [b]{.sx}\n")
    (folder / "documents" / "e.md").write_text("---\nid: e\nnumbr: 1\n---\n\n::: signed\n")
    (folder / "persons.yaml").write_text("- id: p\n")
    assert sorted(shown(folder)) == [
        "E/documents/d.md:4:15 M004",
        "E/documents/d.md:4:2 N102",
        "E/documents/e.md:3:1 Y020",
        "E/documents/e.md:6:1 M010",
        "E/edition.yaml:1:1 Y020",
        "E/edition.yaml:1:1 Y021",
        "E/persons.yaml:1:3 Y021",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id: p\n", "1:1 Y022"),
        ("- p\n", "1:3 Y022"),
        ("- {id: p, name: P}\n- {id: p, name: Q}\n", "2:3 S102"),
        ("- {id: p, name: P, born: 1900}\n", "1:20 Y020"),
        ("- {id: 1p, name: P}\n", "1:8 S101"),
    ],
)
def test_persons(folder: Path, text: str, expected: str) -> None:
    (folder / "persons.yaml").write_text(text)
    assert shown(folder) == [f"E/persons.yaml:{expected}"]


# Links and images


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("outside")
    (directory / "secret.md").write_text(FRONT + "Secret.\n")
    return directory


def test_a_link_that_leads_outside_is_not_read(folder: Path, outside: Path) -> None:
    (folder / "documents" / "e.md").symlink_to(outside / "secret.md")
    assert shown(volume(folder, "title: T\ncontents:\n  - documents/e.md\n")) == ["E/edition.yaml:3:5 F106"]


def test_a_linked_folder_outside_is_not_searched(folder: Path, outside: Path) -> None:
    (folder / "more").symlink_to(outside)
    assert shown(volume(folder, "title: T\ncontents:\n  - more/*.md\n")) != []
    assert shown(volume(folder, "title: T\ncontents:\n  - more/secret.md\n")) == ["E/edition.yaml:3:5 F106"]


@pytest.mark.parametrize(
    "path",
    [
        *("none.png", "../x.png", "/etc/hostname", "http://a.org/x.png", "file:///etc/hostname"),
        *("//a.org/x.png", "data:image/png;base64,AA", "link.png", "documents", "a\\b.png", ".", ""),
    ],
)
def test_images_that_are_refused(folder: Path, outside: Path, path: str) -> None:
    (folder / "link.png").symlink_to(outside / "secret.md")
    assert shown(document(folder, FRONT + f"See ![words](<{path}>).\n")) == ["E/documents/d.md:4:14 F110"]


def test_links_that_lead_round_in_circles(folder: Path) -> None:
    (folder / "a.png").symlink_to("a.png")
    assert shown(document(folder, FRONT + "![words](a.png)\n")) == ["E/documents/d.md:4:10 F110"]


# Depth and size: quick, and either a finding or harmless text

MANY = 10_000
DEEP: dict[str, Callable[[], str]] = {
    "quotes": lambda: ">" * MANY,
    "list levels on a line": lambda: "- " * MANY + "x",
    "list levels": lambda: "\n".join("  " * level + "- x" for level in range(1500)),
    "containers": lambda: "::: quote\n" * MANY,
    "enclosures": lambda: "::: enclosure\n" * MANY + ":::\n" * MANY,
    "tables in tables": lambda: "\n".join("    " * level + "- - ::: table" for level in range(300)),
    "spans": lambda: "[" * MANY + "x" + "]{.sc}" * MANY,
    "references": lambda: "[" * MANY + "x" + "](#x)" * MANY,
    "emphasis": lambda: "*a " * MANY + "a*" * MANY,
    "strong and emphasis": lambda: "***a " * MANY + "a*** " * MANY,
    "notes in notes": lambda: "\n".join("  " * level + f"[^{level}]: x" for level in range(1500)),
    "labels": lambda: "a\n" + "\n".join("  " * level + ": a" for level in range(1500)),
}
FLAT: dict[str, Callable[[], str]] = {
    "brackets": lambda: "[" * MANY + "x" + "]" * MANY,
    "open brackets": lambda: "[" * 50_000,
    "open calls": lambda: "[^" * 50_000,
    "open page breaks": lambda: "[Page [" * 25_000,
    "open spans": lambda: ']{"' * 50_000,
    "open spans with quotes": lambda: '[]{""' * 25_000,
    "open references": lambda: "](<" * 50_000,
    "open images": lambda: "![" * 50_000,
    "stars": lambda: "*a **b " * 25_000,
    "stars that do not fit": lambda: "**a " * 12_500 + "a* " * 12_500,
    "backslashes": lambda: "\\" * 50_000,
    "blank lines": lambda: "\n" * 50_000,
    "lines": lambda: "word\n" * 25_000,
    "items": lambda: "- x\n" * 7_500,
    "labels": lambda: "a\n: b\n" * 5_000,
    "labels and no item": lambda: "- x\na\n" + "a\n" * 12_500,
    "pipes": lambda: "|" * 50_000 + "\n" + "|-" * 25_000,
    "braces": lambda: "{.a" * 25_000,
    "one long line": lambda: "word " * 125_000,
}


def read(text: str) -> list[Finding]:
    """What is found in a document; it must not take long."""
    started = time.monotonic()
    try:
        found = list(load_document(Source("d.md", FRONT + text + "\n"))[1])
    except EditionError as error:
        found = list(error.findings)
    assert time.monotonic() - started < 6
    return found


@pytest.mark.parametrize("name", DEEP)
def test_deep_nesting_is_a_finding(name: str) -> None:
    assert "M001" in {finding.code for finding in read(DEEP[name]())}


@pytest.mark.parametrize("name", FLAT)
def test_many_signs_are_harmless(name: str) -> None:
    assert "M001" not in {finding.code for finding in read(FLAT[name]())}


def test_nothing_that_a_pattern_finds_is_passed_over(folder: Path, outside: Path) -> None:
    """A document that cannot be read is a document that would be missing from the book."""
    (folder / "documents" / "e.md").mkdir()
    os.mkfifo(folder / "documents" / "f.md")
    (folder / "documents" / "g.md").symlink_to("nothing.md")
    (folder / "documents" / "h.md").symlink_to(outside / "secret.md")
    assert sorted(shown(folder)) == [
        "E/documents/e.md:1:1 F102", "E/documents/f.md:1:1 F102", "E/documents/g.md:1:1 F101",
        "E/edition.yaml:1:1 F106",
    ]  # fmt: skip


def test_what_programs_hide_in_a_folder_is_no_document(folder: Path) -> None:
    (folder / "documents" / "._d.md").write_bytes(b"\0\xff")
    (folder / "documents" / ".#d.md").symlink_to("someone@somewhere.1")
    edition, findings = load(folder)
    assert ([document.id for document in edition.documents], list(findings)) == (["d"], [])


def test_a_folder_is_not_what_a_missing_file_was_meant_to_be(folder: Path) -> None:
    (folder / "edition.yaml").unlink()
    (folder / "edition").mkdir()
    (finding,) = findings_of(folder)
    assert (finding.code, finding.hint) == ("F101", None)


def test_a_document_that_the_contents_leave_out_is_told(folder: Path) -> None:
    (folder / "documents" / "e.md").write_text(FRONT.replace("id: d", "id: e"))
    (folder / "documents" / "f.MD").write_text(FRONT.replace("id: d", "id: f"))
    (folder / "documents" / "notes.txt").write_text("To do.")
    _, findings = load(volume(folder, "title: T\ncontents:\n  - documents/d.md\n"), label="E")
    assert [(str(finding.place), finding.code) for finding in findings] == [
        ("E/documents/e.md:1:1", "F112"), ("E/documents/f.MD:1:1", "F112"),
    ]  # fmt: skip
    assert "documents/e.md" in findings[0].message
