"""The command that arranges pages on sheets: impose."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edition.cli.printing import count, findings_stop


def impose(
    source: Annotated[Path, typer.Argument(help="A PDF, a print file best.", metavar="FILE.pdf")],
    signature: Annotated[int, typer.Option(help="Pages in a signature: 4, 8, 16 …; 0 is one booklet.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="The file to write; by default beside it.", metavar="FILE")
    ] = None,
) -> None:
    """Arrange pages on sheets, two side by side, to be folded as a booklet or in signatures."""
    from edition import pipeline

    target = out or source.with_name(f"{source.stem}.imposed.pdf")
    with findings_stop(as_json=False):
        sheets = pipeline.impose(source, target, signature)
    typer.echo(f"{target}: {count(sheets, 'sheet')}, every page on its side")
