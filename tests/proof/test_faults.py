"""Every fault, planted one by one into a sound edition: caught, named rightly, with its place in the source."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from edition.findings import Finding
from edition.proof import prove
from edition.render import render
from tests.proof.planting import (
    FOLDER,
    change_piece,
    codes,
    lay_out,
    resolved_edition,
    sound,
    where,
    with_css,
    with_drawing,
    with_html,
)

NOTE = '<aside class="note" id="q1-n{0}"><p><a class="mark" href="#q1-n{0}-r1">{0}</a> {1}</p></aside>'
CALL = '<a class="call" id="q1-n1-r1" href="#q1-n1">1</a>'
BREAK = '<span class="page-break" id="page-31" data-page="31" data-number="31"/>'
MARK = ".original-pages-inline .page-break::before"
PENCIL = NOTE.format(1, "The pencil is in the museum of the town.")


def place(words: str, document: str = "q1") -> str:
    """Where words stand in a document of the edition."""
    text = (FOLDER / "documents" / f"{document}.md").read_text("utf-8")
    assert text.count(words) == 1
    before = text[: text.index(words)]
    return f"{document}.md:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def unmarked(drawn: bytes) -> bytes:
    return drawn[drawn.index(b"BDC") + 4 :].replace(b"EMC\n", b"")


def as_artifact(drawn: bytes) -> bytes:
    return b"/Artifact\nBMC\n" + unmarked(drawn) + b"EMC\n"


def only(findings: tuple[Finding, ...], code: str) -> Finding:
    """The one finding there is."""
    assert [finding.code for finding in findings] == [code], "\n".join(map(str, findings))
    return findings[0]


def test_nothing_is_wrong_with_the_edition() -> None:
    proof = sound().proof()
    assert proof.findings == ()
    assert (proof.notes, proof.page_breaks) == (5, 3)


@pytest.mark.parametrize(
    ("old", "new", "code", "message", "at"),
    [
        ("an enormous pencil", "an pencil", "C001", 'the word "enormous" is not on the page', "enormous"),
        (
            "counted seventeen vessels before",
            "counted before",
            "C001",
            'the words "seventeen vessels" are not on the page',
            "seventeen vessels",
        ),
        (
            "counted seventeen",
            "counted counted seventeen",
            "C002",
            'the word "counted" stands there once more',
            None,
        ),
        ("<em>leaning over</em> and", "and <em>leaning over</em>", "C004", "elsewhere", None),
        (
            "before breakfast",
            "before breakfest",
            "C003",
            'the word "breakfast," reads "breakfest,"',
            "ast, and wrote",
        ),
        ("evening boat", "eveningboat", "C003", 'the words "evening boat." read "eveningboat."', None),
        ("well-known", "wellknown", "C003", 'the word "well-known" reads "wellknown" on the page', "-known"),
        (
            "A second thing.",
            "A second thing. Another.",
            "C002",
            'the word "Another." is not in the manuscript',
            None,
        ),
        ("museum of the town", "museum of town", "C001", 'the word "the" is not on the page', "the town"),
        ("T[homas] Warden", "T[homas] Worden", "C003", 'the word "Warden" reads "Worden"', None),
        (">The Harbour</h1>", ">The Arbour</h1>", "C003", 'the word "Harbour" reads "Arbour"', None),
    ],
)
def test_words_are_lost_doubled_moved_and_changed(
    old: str, new: str, code: str, message: str, at: str | None
) -> None:
    finding = only(with_html(old, new), code)
    assert message in finding.message
    assert finding.folio is not None
    if at:
        assert where(finding) == place(at)


def test_a_lost_word_is_told_as_an_editor_reads_it() -> None:
    finding = only(with_html("an enormous pencil", "an pencil"), "C001")
    assert str(finding).endswith(
        'q1.md:14:26: C001 the word "enormous" is not on the page (p. 1); the HTML differs already, so it happened in rendering'
    )


def test_a_note_and_its_call_are_gone() -> None:
    findings = with_html(CALL + PENCIL, "")
    assert codes(findings) == ["C006", "C007"]
    assert [where(finding) for finding in findings] == ["q1.md:32:1", place("[^1] that")]


def test_two_notes_are_swapped() -> None:
    other = "Nobody misunderstood the second note, which says something else."
    resolved = resolved_edition()
    html = (
        render(resolved)
        .replace(PENCIL, NOTE.format(1, "@"))
        .replace(other, "The pencil is in the museum of the town.")
    )
    findings = lay_out(resolved, html.replace("@", other)).proof().findings
    assert [finding.code for finding in findings] == ["C006", "C006"]
    assert "note 1 has the text of note 2" in findings[0].message


def test_a_note_has_a_wrong_mark() -> None:
    finding = only(with_html('href="#q1-n1-r1">1</a>', 'href="#q1-n1-r1">7</a>'), "C006")
    assert 'has the mark "7" instead of "1"' in finding.message


def test_a_call_has_a_wrong_mark() -> None:
    finding = only(with_html(CALL, CALL.replace(">1<", ">4<")), "C007")
    assert 'the call of note 1 reads "4"' in finding.message
    assert where(finding) == place("[^1] that")


def test_a_call_has_moved() -> None:
    finding = only(with_html(f"pencil{CALL}{PENCIL} that", f"pencil that{CALL}{PENCIL}"), "C007")
    assert finding.message == 'the call of note 1 stands after "that"'
    assert finding.hint == 'it belongs after "pencil"'


@pytest.mark.parametrize("mode", ["inline", "margin"])
def test_the_mark_of_an_original_page_is_lost(mode: str) -> None:
    findings = with_html(BREAK, "", mode=mode)  # type: ignore[arg-type]
    told = next(finding for finding in findings if finding.code == "C008")
    assert "original page 31 is not on the page" in told.message
    assert where(told) == place("[Page 31]")


@pytest.mark.parametrize("mode", ["inline", "margin"])
def test_the_mark_of_an_original_page_has_moved(mode: str) -> None:
    findings = with_html(f"had {BREAK} counted them", f"had counted {BREAK} them", mode=mode)  # type: ignore[arg-type]
    finding = only(findings, "C008")
    assert finding.message == 'the mark of original page 31 stands after "counted"'
    assert where(finding) == place("[Page 31]")


def test_the_mark_of_an_original_page_says_another_number() -> None:
    findings = with_html(BREAK, BREAK.replace('number="31"', 'number="131"'))
    assert "the mark of original page 31 reads" in only(findings, "C008").message


def test_a_running_head_gives_another_original_page() -> None:
    finding = only(with_html('data-page="33"', 'data-page="77"'), "C031")
    assert finding.message == 'the head gives the original page "77–34" instead of "33–34"'


def test_a_hidden_break_is_on_another_page() -> None:
    other = '<span class="page-break" id="page-34" data-page="34" data-number="34"/>'
    resolved = resolved_edition("hidden")
    html = render(resolved)
    assert other in html
    html = html.replace(f'<p class="page-break-block">{other}</p>', "").replace(
        '<p class="source-note">', f'<p class="source-note">{other}'
    )
    findings = lay_out(resolved, html).proof().findings
    assert "C008" in codes(findings)


def test_a_picture_is_lost() -> None:
    finding = only(with_html('<img src="quay.svg" alt="The quay"/>', ""), "C009")
    assert where(finding) == place("![The quay]", "q2")


# Styles


@pytest.mark.parametrize(
    ("css", "code", "message"),
    [
        ("#q1 > p { height: 20pt; overflow: hidden }", "C020", "is cut off"),
        (".dateline { position: absolute; left: -400pt; width: 300pt }", "C020", "is off the page"),
        (".dateline { position: absolute; top: 900pt }", "C020", "is off the page"),
        (".dateline { color: white }", "C021", "has the colour of its ground"),
        (".dateline { color: #333; background: #333 }", "C021", "has the colour of its ground"),
        (".dateline { color: rgba(0, 0, 0, .03) }", "C021", "is transparent"),
        (".dateline { opacity: .04 }", "C021", "is transparent"),
        (
            ".dateline { position: relative } .dateline::after { content: ''; position: absolute; left: 0; "
            "top: 0; width: 100%; height: 100%; background: white }",
            "C021",
            "is painted over",
        ),
        (".dateline { display: none }", "C001", '"Quay Office, May 2, 1861" are not on the page'),
        (".dateline { visibility: hidden }", "C001", '"Quay Office, May 2, 1861" are not on the page'),
        (".dateline { font-size: 0 }", "C001", '"Quay Office, May 2, 1861" are not on the page'),
        ("#q1 > p { line-height: 2pt }", "C022", "stands on"),
        (".dateline { margin-right: -40pt }", "C023", "sticks out of the text area"),
        ("img { margin-left: 260pt }", "C023", "sticks out of the text area"),
        (
            ".original-pages-inline .page-break::before { content: '' }",
            "C008",
            "the mark of original page 31 is not on the page",
        ),
        (
            ".original-pages-inline .page-break::before { content: '[Page ' attr(data-number) '1]' }",
            "C008",
            "reads",
        ),
        ("aside.note { position: relative; top: -300pt }", "C027", "outside the note area"),
        (
            "nav.contents a::after { content: '99' }",
            "C032",
            "the contents send to page 99, but harbour",
        ),
        ("@page { @bottom-center { content: string(folio) '9' } }", "C030", "the folio reads"),
    ],
)
def test_a_style_spoils_something(css: str, code: str, message: str) -> None:
    findings = with_css(css)
    told = [finding for finding in findings if finding.code == code]
    assert told, "\n".join(map(str, findings))
    assert any(message in finding.message for finding in told), "\n".join(map(str, findings))


def test_faults_of_drawing_have_their_place_and_page() -> None:
    told = with_css(".dateline { color: white }")
    assert {finding.folio for finding in told} == {"1"}
    assert where(told[0]) == place("Quay Office")


def test_what_sticks_out_of_one_table_is_told_once() -> None:
    told = [f for f in with_css("table { position: relative; left: 300pt }") if f.code == "C023"]
    assert len(told) == 1
    message = r'the text "[^"]+" with \d+ more in its table sticks out of the text area by \d+ pt'
    assert re.fullmatch(message, told[0].message)
    assert told[0].place is not None


def test_what_sticks_out_of_two_paragraphs_is_told_twice() -> None:
    told = [f for f in with_css("#q1 > p { position: relative; left: 9pt }") if f.code == "C023"]
    assert len({finding.place for finding in told}) == len(told) > 1


@pytest.mark.parametrize(
    "css",
    [
        ".dateline { text-transform: uppercase }",
        "@page { @bottom-center { content: '– ' string(folio) ' –' } }",
        "@page { @bottom-center { content: 'Page ' string(folio) } }",
        "p { font-variant-caps: all-small-caps }",
        ".dateline { color: white; background: black }",
        "p { font-variant-numeric: diagonal-fractions; font-feature-settings: 'frac' }",
        "p { letter-spacing: .5pt; word-spacing: 2pt }",
        "p { hyphens: auto; width: 120pt }",
        "body { font-size: 20pt; line-height: 30pt }",
        "nav.contents a::after { content: leader('.') target-counter(attr(href), page); position: static }",
        "aside.note { columns: 1; text-align: center }",
        "#q1 > p { columns: 2 }",
    ],
)
def test_what_a_style_may_do_is_no_fault(css: str) -> None:
    findings = [finding for finding in with_css(css) if finding.code not in ("C022", "C023", "C032")]
    assert findings == []


# The finished PDF


@pytest.mark.parametrize(
    ("words", "change", "code", "message"),
    [
        ("Quay Office", lambda drawn: b"", "C001", "are not on the page"),
        ("Quay Office", lambda drawn: drawn + drawn, "C002", "stand there once more"),
        ("Quay Office", lambda drawn: b"BT\n3 Tr\nET\n" + drawn + b"BT\n0 Tr\nET\n", "C021", "is not painted"),
        ("Quay Office", lambda drawn: b"q\n0 0 10 10 re\nW\nn\n" + drawn + b"Q\n", "C020", "is cut off"),
        ("Quay Office", lambda drawn: b"q\n1 0 0 1 900 0 cm\n" + drawn + b"Q\n", "C020", "is off the page"),
        ("The pencil is", lambda drawn: b"", "C001", "are not on the page"),
        (
            "Quay Office",
            lambda drawn: b"/Artifact\nBMC\n" + drawn[drawn.index(b"BDC") + 4 :],
            "C001",
            "are not on",
        ),
        (
            "Quay Office",
            lambda drawn: drawn[drawn.index(b"BDC") + 4 :].replace(b"EMC\n", b""),
            "C026",
            "to nothing",
        ),
    ],
)
def test_the_pdf_is_spoilt(words: str, change: Callable[[bytes], bytes], code: str, message: str) -> None:
    findings = change_piece(words, change)
    assert any(finding.code == code and message in finding.message for finding in findings), "\n".join(
        map(str, findings)
    )


@pytest.mark.parametrize(
    ("addition", "reason"),
    [
        (b"BT 50 Tz ET", "'Tz'"),
        (b"BI /W 1 ID x EI", "'BI'"),
        (b"/Nowhere Do", "broken 'Do'"),
        (b"q", "ends in the middle"),
        (b"1 0 0 rg rg", "broken 'rg'"),
        (b"Q Q Q Q Q Q Q Q Q Q", "broken 'Q'"),
        (b"{", "which is not known"),
    ],
)
def test_what_cannot_be_read_stops_the_proof(addition: bytes, reason: str) -> None:
    finding = only(with_drawing(4, lambda content: content + b"\n" + addition + b"\n"), "C040")
    assert reason in finding.message
    assert finding.folio == "1"


def test_the_page_is_painted_over() -> None:
    findings = with_drawing(4, lambda content: content + b"\nq 1 1 1 rg 0 0 432 648 re f Q\n")
    assert codes(findings) == ["C021"]


def test_a_glyph_is_missing() -> None:
    """The right text layer, but no glyph: only its number tells."""
    findings = change_piece("Quay Office", lambda drawn: re.sub(rb"<([0-9a-f]{4})", b"<0000", drawn, count=1))
    told = next(finding for finding in findings if finding.code == "C024")
    assert "has no glyph" in told.message


def test_a_face_is_not_of_the_style() -> None:
    book = sound()
    proof = prove(book.resolved, book.paged, book.pdf, families=["Some Other Face"], sources=book.sources)
    assert codes(proof.findings) == ["C025"]
    assert "Linux Libertine O" in proof.findings[0].message


def test_the_wrong_pdf_is_no_proof() -> None:
    book = sound()
    assert codes(book.proof(b"no PDF at all").findings) == ["C040"]
    other = lay_out(resolved_edition("hidden"), css="p { font-size: 30pt }")
    assert book.proof(other.pdf).findings


def test_rules_are_explained() -> None:
    from edition.findings import RULES

    assert all(RULES[code].explanation for code in RULES if code.startswith("C"))
    assert Path(FOLDER).is_dir()


# Which stage it was


def test_a_word_lost_in_the_html_is_laid_to_rendering() -> None:
    [finding] = (f for f in with_html("an enormous pencil", "an pencil") if f.code == "C001")
    assert finding.hint == "the HTML differs already, so it happened in rendering"


@pytest.mark.parametrize("css", ["em { display: none }", "aside.note p { display: none }"])
def test_words_lost_on_the_pages_are_laid_to_typesetting(css: str) -> None:
    findings = [finding for finding in with_css(css) if finding.code in ("C001", "C006")]
    assert findings
    assert {finding.hint for finding in findings} == {
        "the HTML has it as it should be, so it happened in typesetting"
    }


def test_a_note_changed_in_the_html_is_laid_to_rendering() -> None:
    [finding] = (
        f for f in with_html("The pencil is in the museum", "The pencil in the museum") if f.code == "C001"
    )
    assert finding.hint == "the HTML differs already, so it happened in rendering"
