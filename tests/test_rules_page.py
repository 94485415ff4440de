"""docs/rules.md says of every rule what its docstring says, and which rule is for what."""

from __future__ import annotations

import re

from edition.findings import Severity
from edition.pipeline import all_rules
from tests.rules_page import CASES, COVERED, PAGE, page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run python -m tests.rules_page"


def test_what_is_listed_there_is_a_rule() -> None:
    assert set(re.findall(r"[A-Z]\d{3}", " ".join(COVERED.values()))) <= all_rules().keys()


def test_a_rule_of_which_fewer_than_seventy_in_a_hundred_are_wanted_is_an_info() -> None:
    for line in (CASES / "measured.tsv").read_text("utf-8").splitlines()[1:]:
        code, _, read, wanted, _ = line.split("\t")
        assert all_rules()[code].severity is Severity.INFO or int(wanted) >= 0.7 * int(read)
