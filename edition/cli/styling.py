"""Commands about styles: style list, show, copy, specimen, gallery."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edition.cli.printing import Json, count, findings_stop, print_findings, print_json, progress

if TYPE_CHECKING:
    from edition.pipeline.styling import ShownStyle

style_app = typer.Typer(help="See, copy and try styles.", no_args_is_help=True)

Name = Annotated[
    str, typer.Argument(help="A style; by default the edition's own, with its settings.", metavar="[NAME]")
]
In = Annotated[Path, typer.Option("--in", help="The folder of the edition.", metavar="DIR")]
CONTENT = Path("content")


@style_app.command("list")
def list_styles(directory: In = CONTENT, as_json: Json = False) -> None:
    """List the styles that an edition can use."""
    from edition.pipeline import styling

    with findings_stop(as_json):
        styles = styling.list_styles(directory)
    if as_json:
        print_json(
            styles=[{"name": style.name, "title": style.title, "folder": str(style.folder)} for style in styles]
        )
        return
    width = max(len(style.name) for style in styles)
    for style in styles:
        typer.echo(f"{style.name:{width}}  {style.title}{' (of the edition)' if style.is_own else ''}")


@style_app.command("show")
def show(name: Name = "", directory: In = CONTENT, as_json: Json = False) -> None:
    """Show a style's settings, where each value comes from, and its faces."""
    from edition.pipeline import styling

    with findings_stop(as_json):
        shown = styling.show_style(name, directory)
    if as_json:
        print_json(**_as_data(shown))
    else:
        typer.echo("\n".join(_in_words(shown)))


def _as_data(shown: ShownStyle) -> dict[str, Any]:
    values, written = dict(shown.style.values), dict(shown.style.written)
    settings = {
        setting.name: {
            "value": values[setting.name],
            "type": setting.type,
            "range": [setting.low, setting.high] if setting.low else None,
            "help": setting.help,
            "from": str(written[setting.name]),
        }
        for setting in shown.style.settings
    }
    faces = [
        {
            "family": report.family.name,
            "package": report.family.package,
            "files": [
                {"path": str(file.path), "name": file.name, "features": file.features} for file in report.files
            ],
        }
        for report in shown.families
    ]
    return {"style": shown.style.name, "settings": settings, "faces": faces, "missing": shown.missing}


def _in_words(shown: ShownStyle) -> list[str]:
    values, written = dict(shown.style.values), dict(shown.style.written)
    wide, deep = max(map(len, values)), max(len(value) for value in values.values())
    lines = [f"{shown.style.name}: {shown.style.folders[0]}", "", "Settings"]
    for setting in shown.style.settings:
        lines.append(f"  {setting.name:{wide}}  {values[setting.name]:{deep}}  {written[setting.name]}")
        lines.append(f"  {'':{wide}}  {setting.help} [{setting.wanted}]")
    lines += ["", "Faces"]
    for report in shown.families:
        if not report.files:
            lines.append(f"  {report.family.name}: not there; install {report.family.package or 'it'}")
            continue
        lines.append(
            f"  {report.family.name}{', in the style' if report.bundled else f' ({report.family.package})'}"
        )
        lines += [f"    {file.name}: {file.path}: {' '.join(file.features)}" for file in report.files]
    if shown.characters:
        text = " ".join(f"{char} (U+{ord(char):04X})" for char in shown.missing)
        lacking = f"lacking: {text}" if text else "all there"
        lines += ["", f"The text has {count(shown.characters, 'different character')}, {lacking}"]
    return lines


@style_app.command("copy")
def copy(
    name: Annotated[str, typer.Argument(help="The style to start from.")],
    new_name: Annotated[str, typer.Argument(help="The name of the copy.", metavar="AS")],
    directory: In = CONTENT,
) -> None:
    """Copy a style into the edition, to be changed there."""
    from edition.pipeline import styling

    with findings_stop(as_json=False):
        for path in styling.copy_style(name, new_name, directory):
            typer.echo(path)


@style_app.command("specimen")
def specimen(
    name: Name = "",
    directory: In = CONTENT,
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("dist"),
    grid: Annotated[bool, typer.Option("--grid", help="Draw the baseline grid and the boxes.")] = False,
) -> None:
    """Set every construct in a style."""
    from edition.pipeline import styling

    with findings_stop(as_json=False), progress(quiet=False) as report:
        built = styling.specimen(name, directory, out, grid=grid, progress=report)
    print_findings(built.findings)
    typer.echo(f"{built.pdf}: {count(len(built.pages.pages), 'page')}")


@style_app.command("gallery")
def gallery(
    directory: In = CONTENT,
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("dist/gallery"),
) -> None:
    """Make a picture of every style, and a page with them all."""
    from edition.pipeline import styling

    with findings_stop(as_json=False), progress(quiet=False) as report:
        for path in styling.gallery(directory, out, progress=report):
            typer.echo(path)
