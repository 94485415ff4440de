"""Findings as other programs read them: editors, GitHub, and whatever takes SARIF."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from edition.findings import Finding, Rule, Severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def as_line(finding: Finding) -> str:
    """`path:line:column: severity: message [CODE]`, as compilers print it and editors jump to it."""
    where = f"{finding.place}: " if finding.place else ""
    return f"{where}{finding.severity}: {_told(finding)} [{finding.code}]"


def as_annotation(finding: Finding) -> str:
    """A workflow command of GitHub Actions, shown beside the line in a pull request."""
    place = finding.place
    values = {"file": place.path, "line": str(place.line), "col": str(place.column)} if place else {}
    values["title"] = finding.code
    shown = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in values.items())
    return f"::{_COMMANDS[finding.severity]} {shown}::{_escaped(_told(finding))}"


def _escaped(text: str, signs: str = "") -> str:
    """Text with signs that end a command, or one of its values, as percent codes."""
    for sign in "%\r\n" + signs:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def _told(finding: Finding) -> str:
    """A finding's message with its page and hint, in one line."""
    line = f", line {finding.line}" if finding.line else ""
    page = f" (p. {finding.folio}{line})" if finding.folio else ""
    hint = f"; {finding.hint}" if finding.hint else ""
    return f"{finding.message}{page}{hint}".replace("\n", " ")


def as_sarif(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> str:
    """All findings as a SARIF 2.1.0 log (OASIS), with the rules that they are of."""
    told = list(findings)
    codes = sorted({finding.code for finding in told})
    driver = {"name": "edition", "rules": [_rule(rules[code]) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding.code)) for finding in told],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1)


def _rule(rule: Rule) -> dict[str, Any]:
    first = rule.explanation.partition("\n")[0]
    return {
        "id": rule.code,
        "shortDescription": {"text": first},
        "fullDescription": {"text": rule.explanation},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _told(finding)},
    }
    if place := finding.place:
        region = {"startLine": place.line, "startColumn": place.column}
        location = {"artifactLocation": {"uri": quote(place.path)}, "region": region}
        result["locations"] = [{"physicalLocation": location}]
    if finding.folio:
        result["properties"] = {"page": finding.folio, "line": finding.line}
    return result
