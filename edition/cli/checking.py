"""The command that looks without writing: check."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from edition.cli.printing import Directory, Json, StyleName, print_findings, print_json, progress, stop, summary
from edition.findings import Finding, has_errors


class Format(StrEnum):
    """How findings are printed."""

    text = "text"
    json = "json"
    lines = "lines"
    github = "github"
    sarif = "sarif"


Codes = Annotated[list[str], typer.Option(help="Codes, or how they begin, with commas between.", metavar="CODE,…")]


def check(
    directory: Directory = Path("content"),
    format: Annotated[Format, typer.Option(help="How to print the findings.")] = Format.text,
    select: Codes = [],  # noqa: B006  # read only
    ignore: Codes = [],  # noqa: B006
    manuscript: Annotated[
        bool, typer.Option("--manuscript", help="Only what needs no pages: quick, and blind to them.")
    ] = False,
    style: StyleName = "",
    as_json: Json = False,
) -> None:
    """Print the findings of the manuscript and of its pages."""
    from edition import pipeline

    chosen = Format.json if as_json else format
    selected, ignored = _beginnings(select), _beginnings(ignore)
    with progress(quiet=chosen is not Format.text) as report:
        if manuscript:
            found = pipeline.check_manuscript(directory)
        else:
            found = pipeline.check(directory, style=style, progress=report)
    findings = tuple(
        finding
        for finding in found
        if finding.code.startswith(selected or ("",)) and not (ignored and finding.code.startswith(ignored))
    )
    _print(findings, chosen)
    raise typer.Exit(1 if has_errors(findings) else 0)


def _beginnings(words: Iterable[str]) -> tuple[str, ...]:
    """The codes that an option names, each the beginning of at least one rule's; anything else stops."""
    from edition import pipeline

    found = tuple(code for word in words for code in word.upper().replace(",", " ").split())
    for code in found:
        if not any(known.startswith(code) for known in pipeline.all_rules()):
            stop(f"no rule's code begins with `{code}`")
    return found


def _print(findings: tuple[Finding, ...], chosen: Format) -> None:
    from edition.cli import formats

    match chosen:
        case Format.json:
            print_json(findings=findings)
        case Format.lines | Format.github:
            write = formats.as_line if chosen is Format.lines else formats.as_annotation
            for finding in findings:
                typer.echo(write(finding))
        case Format.sarif:
            from edition import pipeline

            typer.echo(formats.as_sarif(findings, pipeline.all_rules()))
        case Format.text:
            print_findings(findings)
            typer.echo(summary(findings))
