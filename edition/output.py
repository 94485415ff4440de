"""Writing a finished file so that whoever looks sees the old one or the new one, whole, and never a part.

The new file is written beside the old one and renamed over it: a crash, a full disk or a second build at the
same time leaves a whole file.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from edition.findings import EditionError, Severity, declare
from edition.source import Place

UNWRITABLE = declare(
    "F020",
    Severity.ERROR,
    """A file cannot be written.

    The folder is read-only, the disk is full, or something else is in the way. What was there before is
    unchanged.
    """,
)

ABANDONED_AFTER = 24 * 3600
"""Seconds after which an unfinished file is surely left over from a build that was killed."""


def write_file(path: Path, content: bytes) -> None:
    """Write a file by renaming. Raises EditionError with the reason if that cannot be done."""
    unfinished = path.with_name(f".{path.name}.{uuid4().hex}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise EditionError([UNWRITABLE.at(Place(str(path)), f"cannot be written: {reason}")]) from error
    finally:
        with suppress(OSError):  # the folder went away or became read-only: nothing is left to tidy
            unfinished.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """Take away what killed builds left behind."""
    for left in path.parent.glob(f".{path.name}.*.unfinished"):
        try:
            if time.time() - left.stat().st_mtime > ABANDONED_AFTER:
                left.unlink()
        except OSError:
            continue  # another build was faster
