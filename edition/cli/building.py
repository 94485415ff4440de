"""Commands that make pages: build, concordance."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
)
from edition.findings import EditionError, has_errors

if TYPE_CHECKING:
    from edition.pipeline.unchanged import Report


def build(
    directory: Directory = Path("content"),
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("dist"),
    style: StyleName = "",
    for_print: Annotated[bool, typer.Option("--print", help="Make a print file, too: PDF/X-4.")] = False,
    jobs: Annotated[int, typer.Option(help="How many processes lay out; 0 for all that can.", min=0)] = 0,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Make everything anew, and keep nothing.")] = False,
    only: Annotated[
        list[str] | None, typer.Option(help="Only this document or division; may be given again.", metavar="ID")
    ] = None,
    again: Annotated[bool, typer.Option("--watch", help="Build again at every save, until Ctrl-C.")] = False,
    as_json: Json = False,
) -> None:
    """Make the PDF."""
    from edition import pipeline

    how = pipeline.How(jobs, cache=not no_cache)
    if again:
        with progress(quiet=as_json) as report:
            builder = pipeline.Builder(
                directory, style=style, for_print=for_print, only=only or (), how=how, progress=report
            )
            with builder:
                pipeline.watch(builder, out, lambda told: print_told(told, as_json))
        return
    with findings_stop(as_json), progress(quiet=as_json) as report:
        built = pipeline.rebuild(
            directory, out, style=style, for_print=for_print, only=only or (), how=how, progress=report
        )
    print_build(built, as_json)
    if for_print and not as_json:
        typer.echo(f"{Path(built.pdf).with_suffix('.print.pdf')}: PDF/X-4, its text that of the PDF")
    raise typer.Exit(1 if has_errors(built.findings) else 0)


def print_told(told: Report | EditionError, as_json: bool) -> None:
    """Print how one build of many went."""
    if not isinstance(told, EditionError):
        print_build(told, as_json)
    elif as_json:
        print_json(told.findings)
    else:
        print_findings(told.findings)
        typer.echo("nothing was written; the earlier PDF stays", err=True)


def print_build(built: Report, as_json: bool) -> None:
    if as_json:
        found = found_as_json(built.found)
        print_json(pdf=built.pdf, pages=built.pages, notes=built.notes, found=found, findings=built.findings)
        return
    print_findings(built.findings)
    typer.echo(f"{built.pdf}: {count(built.pages, 'page')}, {count(built.notes, 'note')}")
    for reason, number in built.unplanned:
        typer.echo(f"broken line by line: {count(number, 'paragraph')} ({reason})")
    typer.echo(f"found in the PDF, all in their places: {found_in_words(built.found)}")


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
