"""The `edition` command, and `python -m edition`. Takes Ctrl-C from the first moment on, before anything loads."""

from __future__ import annotations

import gc
import os
import signal
import sys
from types import FrameType

GARBAGE = 20_000, 50, 100
"""When Python looks for garbage (`gc.set_threshold`): rarely. An edition is half a million objects that all stay, and
looking through them again and again took a sixth of the time of a build."""


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGINT, _stop)
    gc.set_threshold(*GARBAGE)
    from edition.cli import run

    run()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """End at once. An exception raised here could land where it is swallowed, or in C code that it brings down."""
    if abandon := getattr(sys.modules.get("edition.files"), "abandon", None):  # that may be loading just now
        abandon()
    shown_cursor = "\x1b[?25h" if os.isatty(2) else ""
    os.write(2, f"{shown_cursor}edition: stopped; each file that was there is whole\n".encode())
    os._exit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
