"""Commands of proofreading: compare, comments, hyphens, proof."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from edition.cli.printing import Json, count, findings_stop, print_findings, print_json, progress


def compare(
    old: Annotated[Path, typer.Argument(metavar="OLD.pdf")],
    new: Annotated[Path, typer.Argument(metavar="NEW.pdf")],
    pictures: Annotated[
        Path | None, typer.Option(help="A folder for pictures of pages that differ.", metavar="DIR")
    ] = None,
    look: Annotated[bool, typer.Option("--look", help="Pictures also of pages that only look different.")] = False,
    as_json: Json = False,
) -> None:
    """Print which words changed between two PDFs, and what moved."""
    from edition import pipeline

    with findings_stop(as_json), progress(quiet=as_json) as report:
        compared = pipeline.compare(old, new, pictures=pictures, look=look, progress=report)
    from edition.proof.comparison.telling import as_values, told

    if as_json:
        print_json(**as_values(compared))
    else:
        for line in told(compared):
            typer.echo(line)
        if pictures is not None:
            typer.echo(f"pictures: {pictures / 'comparison.html'}")


def comments(
    pdf: Annotated[Path, typer.Argument(metavar="FILE.pdf")],
    directory: Annotated[
        Path | None,
        typer.Argument(help="The edition's folder: places in its files as they are now.", metavar="[DIR]"),
    ] = None,
    places: Annotated[
        Path | None, typer.Option(help="The places file of this PDF, if it is not beside it.", metavar="FILE")
    ] = None,
    as_json: Json = False,
) -> None:
    """Print what proofreaders wrote into a PDF, with the places in the source."""
    from edition import pipeline

    with findings_stop(as_json), progress(quiet=True) as report:
        found = pipeline.comments(pdf, directory, places=places, progress=report)
    if as_json:
        values = [
            {
                **asdict(comment),
                "page": comment.page + 1,
                "place": asdict(comment.place) if comment.place else None,
            }
            for comment in found.comments
        ]
        print_json(found.findings, comments=values)
    else:
        from edition.proof.comments import told

        for comment in found.comments:
            typer.echo(told(comment))
        print_findings(found.findings)
        typer.echo(count(len(found.comments), "comment"))
