"""An edition's files as a revision of its git repository has them, in a folder of their own for a while.

`git archive` reads them out of the repository: working tree, index and branches stay as they are.
"""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from edition.findings import EditionError, Severity, declare
from edition.source import Place

NO_REVISION = declare(
    "D020",
    Severity.ERROR,
    """A revision to compare with is not there.

    `--against` takes a PDF, or a revision of the git repository that the edition's folder is in: a branch, a
    tag, a commit, `HEAD~3`. The edition must have been in that folder then. """,
)
SECONDS = 120
"""How long git may take."""


@contextmanager
def files_of(directory: Path, revision: str) -> Iterator[Path]:
    """The edition's folder as it was at a revision. Raises EditionError where there is no such thing."""
    inside = _git(directory, "rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").strip()
    commit = _git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    tree = f"{commit.decode().strip()}:{inside.rstrip('/')}" if inside else commit.decode().strip()
    top = Path(_git(directory, "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").rstrip("\n"))
    archive = _git(top, "archive", "--format=tar", tree, revision=revision)
    with TemporaryDirectory(prefix="edition-") as folder:
        try:
            with tarfile.open(fileobj=BytesIO(archive)) as tar:
                tar.extractall(folder, filter="data")
        except (tarfile.TarError, OSError) as error:
            raise _missing(directory, f"`{revision}` cannot be unpacked: {error}") from error
        if not (Path(folder) / "edition.yaml").is_file():
            raise _missing(directory, f"`{revision}` has no edition in this folder")
        yield Path(folder)


def _git(folder: Path, *arguments: str, revision: str = "") -> bytes:
    try:
        run = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, timeout=SECONDS, check=False
        )
    except FileNotFoundError as error:
        raise _missing(folder, "git is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise _missing(folder, "git does not answer") from error
    if run.returncode == 0:
        return run.stdout
    if "--verify" in arguments:
        raise _missing(folder, f"there is no revision `{arguments[-1].removesuffix('^{commit}')}`")
    if "archive" in arguments:
        raise _missing(folder, f"`{revision}` has no such folder")
    raise _missing(folder, "the edition's folder is in no git repository")


def _missing(folder: Path, message: str) -> EditionError:
    return EditionError([NO_REVISION.at(Place(folder.as_posix()), message)])
