"""Commands that something new begins with: new, import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edition.cli.printing import Json, count, findings_stop, found_in_words, report_import, summary

import_app = typer.Typer(help="Turn something else into content files.", no_args_is_help=True)


def new(directory: Annotated[Path, typer.Argument(metavar="DIR")]) -> None:
    """Write a small edition to start from."""
    from edition import pipeline

    with findings_stop(as_json=False):
        for path in pipeline.new(directory):
            typer.echo(path)


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
