"""What front matter silences, and what it cannot."""

from __future__ import annotations

from small import document, edition

from edition.allowances import apply_allowances
from edition.findings import Finding, Severity
from edition.resolve.notes import NEVER_CALLED
from edition.source import Place


def finding(code: str, path: str, line: int = 3, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(code, severity, "message", Place(path, line))


def test_only_that_rule_in_that_document_is_silenced() -> None:
    of = edition(document("d1", allow=(("N001", "so in the source"),)), document("d2"))
    findings = [finding("N001", "d1.md"), finding("N001", "d2.md"), finding("N004", "d1.md")]
    assert apply_allowances(of, findings) == (findings[1], findings[2])


def test_an_allowance_that_silences_nothing_is_found() -> None:
    of = edition(document("d1", allow=((NEVER_CALLED.code, "why"), ("X999", "why"))))
    unused = apply_allowances(of, [])
    assert [(found.code, found.message, found.hint, str(found.place)) for found in unused] == [
        ("A001", "the allowance of N001 silences nothing", "take it out", "d1.md:1:1"),
        ("A001", "the allowance of X999 silences nothing", "there is no rule X999", "d1.md:1:1"),
    ]


def test_rules_that_were_not_looked_for_are_not_called_unused() -> None:
    of = edition(document("d1", allow=(("T010", "why"),)))
    assert apply_allowances(of, [], passed_over=("T010",)) == ()


def test_errors_are_not_silenced() -> None:
    of = edition(document("d1", allow=(("N002", "why"),)))
    error = finding("N002", "d1.md", severity=Severity.ERROR)
    kept = apply_allowances(of, [error])
    assert [found.code for found in kept] == ["N002", "A002"]


def test_documents_of_one_file_are_told_apart() -> None:
    of = edition(
        document("d1", at=Place("v.xml", 1), allow=(("N001", "why"),)), document("d2", at=Place("v.xml", 50))
    )
    findings = [finding("N001", "v.xml", 20), finding("N001", "v.xml", 60), Finding("N001", Severity.INFO, "m")]
    assert apply_allowances(of, findings) == tuple(findings[1:])
