"""The command line: reads words, calls the pipeline, prints findings. Nothing else is decided here.

Exit codes: 0 clean, 1 findings that are errors, 2 cannot run.
"""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

from edition.cli import building, checking, importing, pressing, previewing, proofing, styling
from edition.cli.printing import stop

app = typer.Typer(
    name="edition",
    help="Typeset print editions from YAML-annotated documents, with nothing lost.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(importing.new)
app.add_typer(importing.import_app, name="import")
app.command()(building.build)
app.command()(checking.check)
app.command()(building.concordance)
app.command()(previewing.preview)
app.command()(proofing.compare)
app.command()(proofing.comments)
app.command()(proofing.hyphens)
app.command()(proofing.proof)
app.command()(pressing.impose)
app.add_typer(styling.style_app, name="style")


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
