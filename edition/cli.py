"""The command line: reads words, calls the pipeline, prints findings. Nothing else is decided here.

Exit codes: 0 clean, 1 findings that are errors, 2 cannot run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from edition.findings import EditionError, Finding, Severity, has_errors

if TYPE_CHECKING:
    from edition.importers.tei import Proven
    from edition.pipeline import Imported, Progress
    from edition.proof import Proof

app = typer.Typer(
    name="edition",
    help="Typeset print editions from YAML-annotated documents, with nothing lost.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
import_app = typer.Typer(help="Turn something else into content files.", no_args_is_help=True)
app.add_typer(import_app, name="import")

SHOWN = 5
"""So many findings of one kind are printed whole after an import."""

Directory = Annotated[Path, typer.Argument(help="The folder with the edition.yaml.", metavar="[DIR]")]
Json = Annotated[bool, typer.Option("--json", help="Print for a machine to read.")]
StyleName = Annotated[str, typer.Option("--style", help="A style instead of the edition's own.")]


class Format(StrEnum):
    """How findings are printed."""

    text = "text"
    json = "json"


@app.command()
def new(directory: Annotated[Path, typer.Argument(metavar="DIR")]) -> None:
    """Write a small edition to start from."""
    from edition import pipeline

    with findings_stop(as_json=False):
        for path in pipeline.new(directory):
            typer.echo(path)


@app.command()
def build(
    directory: Directory = Path("content"),
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("dist"),
    style: StyleName = "",
    as_json: Json = False,
) -> None:
    """Make the PDF."""
    from edition import pipeline

    with findings_stop(as_json), progress(quiet=as_json) as report:
        built = pipeline.build(directory, out, style=style, progress=report)
    if as_json:
        pages, found = len(built.pages.pages), found_as_json(built.proof)
        print_json(pdf=str(built.pdf), pages=pages, notes=built.notes, found=found, findings=built.findings)
    else:
        print_findings(built.findings)
        typer.echo(f"{built.pdf}: {count(len(built.pages.pages), 'page')}, {count(built.notes, 'note')}")
        typer.echo(f"found in the PDF, all in their places: {found_in_words(built.proof)}")
    raise typer.Exit(1 if has_errors(built.findings) else 0)


@app.command()
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


@app.command()
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


@app.command()
def explain(code: Annotated[str, typer.Argument(help="The code of a finding, such as N001.")]) -> None:
    """Print what a rule means."""
    from difflib import get_close_matches

    from edition import pipeline

    rules = pipeline.rules()
    if code.upper() in rules:
        typer.echo(f"{code.upper()}\n\n{rules[code.upper()]}")
        return
    near = get_close_matches(code.upper(), rules, 1)
    stop(f"no rule has the code `{code}`" + (f"; try `{near[0]}`" if near else ""))


@import_app.command("text")
def import_text(
    sources: Annotated[list[Path], typer.Argument(help="Files of raw text.", metavar="FILE…")],
    into: Annotated[Path, typer.Option(help="The folder of the edition.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
    as_json: Json = False,
) -> None:
    """Turn raw text into content files, and report what was inferred."""
    from edition import pipeline

    with findings_stop(as_json):
        imported = pipeline.import_text(sources, into, force=force)
    report_import(imported, "\n".join(map(str, imported.files)), as_json)


@import_app.command("tei")
def import_tei(
    source: Annotated[Path, typer.Argument(help="A volume in TEI.", metavar="FILE")],
    into: Annotated[Path, typer.Option(help="The folder of the edition.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
    as_json: Json = False,
) -> None:
    """Turn a whole volume in TEI into content files, and report what was found on the way."""
    from edition import pipeline

    with findings_stop(as_json):
        imported = pipeline.import_tei(source, into, force=force)
    assert imported.found
    told = f"{into}: {count(len(imported.files), 'file')}, {summary(imported.findings)}"
    proven = f"found in them, all in their places: {found_in_words(imported.found)}"
    report_import(imported, f"{told}\n{proven}", as_json)


# Printing


def report_import(imported: Imported, told: str, as_json: bool) -> NoReturn:
    """Print what an import found and wrote, for a person in the words of `told`, and end by what was found."""
    if as_json:
        files = [str(path) for path in imported.files]
        found = {"found": found_as_json(imported.found)} if imported.found else {}
        print_json(files=files, **found, findings=imported.findings)
    else:
        print_import_findings(imported.findings)
        typer.echo(told)
    raise typer.Exit(1 if has_errors(imported.findings) else 0)


def print_import_findings(findings: tuple[Finding, ...]) -> None:
    """Findings of an import: of a kind that comes in dozens the first ones, and the lines of all others."""
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in sorted(findings, key=_by_weight):
        kinds.setdefault((finding.code, finding.place.path if finding.place else ""), []).append(finding)
    for (code, path), found in kinds.items():
        few = found if len(found) <= SHOWN + 2 else found[:SHOWN]
        print_findings(few)
        if others := found[len(few) :]:
            lines = ", ".join(str(finding.place.line) for finding in others if finding.place)
            typer.echo(
                f"{found[0].severity}: {path}: {code} and {len(others)} more of these, on lines {lines}", err=True
            )


def print_findings(findings: Iterable[Finding]) -> None:
    """Findings one a line, those that matter most last, where the eye is."""
    for finding in sorted(findings, key=_by_weight):
        typer.echo(f"{finding.severity}: {finding}", err=True)


def _by_weight(finding: Finding) -> int:
    return -list(Severity).index(finding.severity)


def print_json(findings: Iterable[Finding] = (), **values: Any) -> None:
    typer.echo(json.dumps({**values, "findings": [asdict(finding) for finding in findings]}, ensure_ascii=False))


def found_in_words(found: Proof | Proven) -> str:
    """`41863 words, 131 notes and 62 page breaks`."""
    words, notes = count(found.words, "word"), count(found.notes, "note")
    return f"{words}, {notes} and {count(found.page_breaks, 'page break')}"


def found_as_json(found: Proof | Proven) -> dict[str, int]:
    return {"words": found.words, "notes": found.notes, "page-breaks": found.page_breaks}


def summary(findings: tuple[Finding, ...]) -> str:
    """`2 errors, 1 warning` or `clean`."""
    numbers = [(sum(finding.severity is severity for finding in findings), severity) for severity in Severity]
    return ", ".join(count(number, str(severity)) for number, severity in numbers if number) or "clean"


def count(number: int, thing: str, things: str = "") -> str:
    return f"{number} {thing if number == 1 else things or thing + 's'}"


def stop(message: str) -> NoReturn:
    """Say why it cannot run, and end with 2."""
    typer.echo(f"edition: {message}", err=True)
    raise typer.Exit(2)


@contextmanager
def findings_stop(as_json: bool) -> Iterator[None]:
    """Print the findings that stopped something, and end with 1."""
    try:
        yield
    except EditionError as error:
        if as_json:
            print_json(error.findings)
        else:
            print_findings(error.findings)
        raise typer.Exit(1) from error


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """What is being done: a moving line on a terminal, plain lines elsewhere, nothing for machines."""
    if quiet:
        yield lambda _: None
    elif sys.stderr.isatty():
        from rich.console import Console

        with Console(stderr=True).status("starting") as status:
            yield lambda word: status.update(word)
    else:
        yield lambda word: typer.echo(f"{word} …", err=True)


def run() -> None:
    """Run the command line; a system library that the engine lacks is said plainly."""
    try:
        app()
    except OSError as error:
        if "cannot load library" not in str(error):
            raise
        stop_for_library(str(error).splitlines()[0])


def stop_for_library(what: str) -> NoReturn:
    typer.echo(f"edition: a system library is missing: {what}; README.md says which are needed", err=True)
    sys.exit(2)
