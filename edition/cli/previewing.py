"""The command that shows pages while one works on them."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from edition.cli.printing import Directory, stop

PORT = 8037
"""Where the preview is by default."""


def preview(
    directory: Directory = Path("content"),
    port: Annotated[
        int, typer.Option(help="The port of the page; 0 for any that is free.", min=0, max=65535)
    ] = PORT,
    open_editor: Annotated[
        str,
        typer.Option(
            help="What opens your editor: vscode://file/{path}:{line}:{column}",
            metavar="LINK",
            envvar="EDITION_EDITOR",
        ),
    ] = "",
) -> None:
    """Show the pages in a browser on this machine, made again at every save."""
    from edition.preview import Preview
    from edition.preview.session import is_editor_link

    if not directory.is_dir():
        stop(f"there is no folder {directory}")
    if open_editor and not is_editor_link(open_editor):
        stop(f"`{open_editor}` opens no editor; try vscode://file/{{path}}:{{line}}:{{column}}")
    try:
        running = Preview(directory, port=port, editor=open_editor)
    except OSError as error:
        stop(
            f"port {port}: {(error.strerror or 'it cannot be used').lower()}; try --port {port + 1 if port else PORT}"
        )
    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with running:
        typer.echo(f"{running.address} shows {directory}; Ctrl-C ends it")
        while not ended.wait(0.5):
            pass
    typer.echo("ended")
