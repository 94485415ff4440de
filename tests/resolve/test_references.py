"""What references lead to, what leads nowhere, and ids that are used twice."""

from __future__ import annotations

import pytest
from small import document, edition, inlines, note, paragraph

from edition.model import (
    Division,
    Document,
    Edition,
    Enclosure,
    Generated,
    Heading,
    Named,
    OriginalPage,
    PageBreak,
    Paragraph,
    Span,
    Text,
)
from edition.resolve import resolve
from edition.source import Place


def book(target: str) -> Edition:
    enclosure = Enclosure((Heading(2, inlines("h"), id="head"), paragraph("b")), (note("1"),), id="treaty")
    repeated = Paragraph((PageBreak(OriginalPage("404"), id="p404b"), PageBreak(OriginalPage("xiv"))))
    chapter = Division(
        "chapter",
        (Text("Chapter"),),
        (
            document(
                "d1", f"a |404 ^* ^3 >{target}", enclosure, repeated, notes="* 3", start_page=OriginalPage("403")
            ),
            document("d2", "b |405", start_page=OriginalPage("404")),
        ),
    )
    persons = (Named("grey", "Grey, Aldous"),)
    return edition(chapter, Generated("persons"), id="vol1", persons=persons)


@pytest.mark.parametrize(
    ("target", "anchor"),
    [
        ("#page-404", "page-404"),
        ("#p404b", "p404b"),
        ("#page-xiv", "page-xiv"),
        ("#page-403", "page-403"),
        ("#d2", "d2"),
        ("#div-1", "div-1"),
        ("#head", "head"),
        ("#treaty", "treaty"),
        ("#d1-n3", "d1-n3"),
        ("#d1-n*", "d1-nast"),
        ("#d1-e1-n1", "d1-e1-n1"),
        ("#grey", "grey"),
        ("vol1#d2", "d2"),
        ("https://example.org/a#b", "https://example.org/a#b"),
    ],
)
def test_targets(target: str, anchor: str) -> None:
    resolved = resolve(book(target))
    assert resolved.targets == {target: anchor}
    assert not [finding for finding in resolved.findings if finding.code.startswith("R")]


@pytest.mark.parametrize(
    ("target", "code", "hint"),
    [
        ("#page-409", "R001", "the nearest original page here is 405"),
        ("#page-xx", "R001", "the nearest original page here is xiv"),
        ("#d1-n33", "R001", "try `#d1-n3`"),
        ("#n3", "R001", "try `#d1-n3`"),
        ("#traety", "R001", "try `#treaty`"),
        ("#names", "R001", None),
        ("#", "R001", None),
        ("documents/d2.md", "R001", "references begin with `#` or `https://`"),
        ("javascript:alert(1)", "R001", "references begin with `#` or `https://`"),
        ("file:///etc/passwd#x", "R001", "references begin with `#` or `https://`"),
        ("frus1920v01#page-5", "R002", None),
    ],
)
def test_references_to_nowhere(target: str, code: str, hint: str | None) -> None:
    resolved = resolve(book(target))
    assert resolved.targets == {}
    assert [(finding.code, finding.hint) for finding in resolved.findings if finding.code[0] == "R"] == [
        (code, hint)
    ]


def test_the_start_of_a_document_stands_for_a_page_without_a_break() -> None:
    resolved = resolve(book("#d1"))
    assert resolved.starts == {"d1": "page-403"}


def test_persons_and_terms_that_are_not_listed() -> None:
    spans = tuple(
        Span(kind, (Text("x"),), (("ref", ref),))  # type: ignore[arg-type]
        for kind, ref in [("person", "grey"), ("person", "gray"), ("term", "any"), ("place", "here")]
    )
    of = edition(document("d1", Paragraph(spans)), persons=(Named("grey", "Grey"),))
    (finding,) = resolve(of).findings
    assert (finding.code, finding.message, finding.hint) == (
        "R003", "person `gray` is not in the list", "try `grey`",
    )  # fmt: skip


@pytest.mark.parametrize(
    "contents",
    [
        (document("d1"), document("d1")),
        (Division("part", (), (document("d1"),), id="d1"),),
        (document("d1", Heading(2, (), id="x")), document("d2", Heading(2, (), id="x"))),
        (document("d1", Enclosure((), id="d1")),),
        (document("d1", Enclosure(())), document("d1-e1")),
        (document("d1", Paragraph((PageBreak(OriginalPage("3"), id="d1"),))),),
    ],
)
def test_ids_that_are_used_twice(contents: tuple[Document, ...]) -> None:
    assert [finding.code for finding in resolve(edition(*contents)).findings] == ["S020"]


def test_contents_lines_are_nested() -> None:
    inner = Division("subchapter", (Text("B"),), (document("d2"),), id="sub")
    of = edition(document("d0"), Division("chapter", (Text("A"),), (document("d1"), inner)), Generated("terms"))
    lines = [(line.level, line.anchor) for line in resolve(of).contents]
    assert lines == [(1, "d0"), (1, "div-1"), (2, "d1"), (2, "sub"), (3, "d2")]


def test_ten_thousand_dangling_references_are_no_danger() -> None:
    dangling = " ".join(f">#x{number}" for number in range(10_000))
    of = edition(document("d1", dangling), *(document(f"y{number}") for number in range(2000)))
    assert len(resolve(of).findings) == 10_000


def test_a_finding_names_the_place_of_the_reference() -> None:
    of = document("d1", Paragraph((Text("a"), *inlines(">#q"))))
    reference = of.blocks[0].inlines[1]  # type: ignore[union-attr]
    object.__setattr__(reference, "at", Place("d1.md", 4, 2))
    (finding,) = resolve(edition(of)).findings
    assert str(finding) == "d1.md:4:2: R001 reference `#q` leads nowhere"
