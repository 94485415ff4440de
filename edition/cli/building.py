"""Commands that make pages: build, check, concordance."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from edition.cli.printing import (
    Directory,
    Json,
    StyleName,
    count,
    findings_stop,
    found_as_json,
    found_in_words,
    print_findings,
    print_json,
    progress,
    summary,
)
from edition.findings import has_errors


class Format(StrEnum):
    """How findings are printed."""

    text = "text"
    json = "json"


def build(
    directory: Directory = Path("content"),
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("dist"),
    style: StyleName = "",
    for_print: Annotated[bool, typer.Option("--print", help="Make a print file, too: PDF/X-4.")] = False,
    as_json: Json = False,
) -> None:
    """Make the PDF."""
    from edition import pipeline

    with findings_stop(as_json), progress(quiet=as_json) as report:
        built = pipeline.build(directory, out, style=style, for_print=for_print, progress=report)
    if as_json:
        pages, found = len(built.pages.pages), found_as_json(built.proof)
        print_json(pdf=str(built.pdf), pages=pages, notes=built.notes, found=found, findings=built.findings)
    else:
        print_findings(built.findings)
        typer.echo(f"{built.pdf}: {count(len(built.pages.pages), 'page')}, {count(built.notes, 'note')}")
        if for_print:
            typer.echo(f"{built.pdf.with_suffix('.print.pdf')}: PDF/X-4, its text that of the PDF")
        typer.echo(f"found in the PDF, all in their places: {found_in_words(built.proof)}")
    raise typer.Exit(1 if has_errors(built.findings) else 0)


def check(
    directory: Directory = Path("content"),
    format: Annotated[Format, typer.Option(help="How to print the findings.")] = Format.text,
    style: StyleName = "",
    as_json: Json = False,
) -> None:
    """Print the findings of the manuscript and of its pages."""
    from edition import pipeline

    machine = as_json or format is Format.json
    with progress(quiet=machine) as report:
        findings = pipeline.check(directory, style=style, progress=report)
    if machine:
        print_json(findings=findings)
    else:
        print_findings(findings)
        typer.echo(summary(findings))
    raise typer.Exit(1 if has_errors(findings) else 0)


class TableFormat(StrEnum):
    """How a table is printed."""

    csv = "csv"
    html = "html"


def concordance(
    directory: Directory = Path("content"),
    format: Annotated[TableFormat, typer.Option(help="How to print the table.")] = TableFormat.csv,
    by_page: Annotated[bool, typer.Option("--by-page", help="Our pages first. HTML has both.")] = False,
    out: Annotated[Path | None, typer.Option(help="A file to write to instead.", metavar="FILE")] = None,
    style: StyleName = "",
) -> None:
    """Print on which of our pages each original page stands."""
    from edition import pipeline
    from edition.files import write_files

    with findings_stop(as_json=False), progress(quiet=False) as report:
        table = pipeline.concordance(directory, style=style, format=format, by_page=by_page, progress=report)
        if out is not None:
            write_files(out.parent, {out.name: table}, force=True)
    if out is None:
        typer.echo(table, nl=False)
