"""What the commands print: findings, counts, progress; for a person or for a machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from edition.findings import EditionError, Finding, Severity, has_errors

if TYPE_CHECKING:
    from edition.importers.tei import Proven
    from edition.pipeline import Imported, Progress
    from edition.pipeline.unchanged import Found

SHOWN = 5
"""So many findings of one kind are printed whole after an import."""

Directory = Annotated[Path, typer.Argument(help="The folder with the edition.yaml.", metavar="[DIR]")]
Json = Annotated[bool, typer.Option("--json", help="Print for a machine to read.")]
StyleName = Annotated[str, typer.Option("--style", help="A style instead of the edition's own.")]


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


def found_in_words(found: Found | Proven) -> str:
    """`41863 words, 131 notes and 62 page breaks`."""
    words, notes = count(found.words, "word"), count(found.notes, "note")
    return f"{words}, {notes} and {count(found.page_breaks, 'page break')}"


def found_as_json(found: Found | Proven) -> dict[str, int]:
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
