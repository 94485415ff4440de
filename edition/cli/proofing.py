"""Commands of proofreading: compare, comments, hyphens, proof."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edition.cli.printing import Json, findings_stop, print_json, progress


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
