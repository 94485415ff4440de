"""Commands of proofreading: compare, comments, hyphens, proof."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edition.cli.printing import (
    Directory,
    Json,
    StyleName,
    count,
    findings_stop,
    print_findings,
    print_json,
    progress,
    summary,
)
from edition.findings import has_errors

if TYPE_CHECKING:
    from edition.proof.lines import Divided


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


def proof(
    directory: Directory = Path("content"),
    against: Annotated[
        str, typer.Option(help="A PDF or a git revision to mark changes against.", metavar="REV|PDF")
    ] = "",
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("dist/proof"),
    style: StyleName = "",
    as_json: Json = False,
) -> None:
    """Write galley, report and collation for proofreading."""
    from edition import pipeline

    with findings_stop(as_json), progress(quiet=as_json) as report:
        made = pipeline.proof(directory, out, against=against, style=style, progress=report)
    files = [str(path) for path in made.files]
    if as_json:
        print_json(made.findings, files=files, pages=made.pages)
    else:
        typer.echo("\n".join(files))
        if made.compared is not None:
            typer.echo(f"{count(len(made.compared.changes), 'change')} of text since {against}")
        typer.echo(f"{count(made.pages, 'page')}, {summary(made.findings)}")
    raise typer.Exit(1 if has_errors(made.findings) else 0)


class Order(StrEnum):
    """How divided words are sorted."""

    page = "page"
    word = "word"
    frequency = "frequency"


def hyphens(
    what: Annotated[Path, typer.Argument(help="The edition's folder, or a PDF.", metavar="[DIR|FILE.pdf]")] = Path(
        "content"
    ),
    sort: Annotated[Order, typer.Option(help="As they stand, by the alphabet, or the most frequent first.")] = (
        Order.page
    ),
    style: StyleName = "",
    as_json: Json = False,
) -> None:
    """Print every word that is divided at the end of a line."""
    from edition import pipeline

    with findings_stop(as_json), progress(quiet=as_json or what.is_file()) as report:
        found = pipeline.hyphens(what, style=style, progress=report)
    if as_json:
        print_json(words=[_divided_values(divided, folio) for divided, folio in found])
        return
    if sort is Order.page:
        for divided, folio in found:
            where = f"{divided.place}: " if divided.place else ""
            over = ", over the page" if divided.over_page else ""
            typer.echo(f"{where}p. {folio}, line {divided.line.number}: {divided.head}-{divided.tail}{over}")
    else:
        folios: dict[str, list[str]] = {}
        for divided, folio in found:
            folios.setdefault(f"{divided.head}-{divided.tail}".casefold(), []).append(folio)
        words = sorted(folios, key=lambda word: word.replace("-", ""))
        for word in words if sort is Order.word else sorted(words, key=lambda word: -len(folios[word])):
            typer.echo(f"{len(folios[word])} {word}: p. {', '.join(dict.fromkeys(folios[word]))}")
    typer.echo(f"{count(len(found), 'divided word')}")


def _divided_values(divided: Divided, folio: str) -> dict[str, Any]:
    return {
        "word": divided.word, "head": divided.head, "tail": divided.tail, "over-page": divided.over_page,
        "page": divided.line.page + 1, "folio": folio, "line": divided.line.number,
        "place": asdict(divided.place) if divided.place else None,
    }  # fmt: skip
