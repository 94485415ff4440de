"""The `edition` command, and `python -m edition`. Takes Ctrl-C from the first moment on, before anything loads."""

from __future__ import annotations

import signal
import sys
from types import FrameType


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGINT, _stop)
    from edition.cli import run

    run()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    print("edition: stopped; what was there before is unchanged", file=sys.stderr)
    raise SystemExit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
