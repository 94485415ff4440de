"""Memory over many rebuilds: `python -m tests.bench_preview_memory [FOLDER] [--rebuilds 500]`.

A copy of an edition, by default the sample one, is previewed; a word of its longest document and a setting that
changes every page are changed alternately, and images of all pages that changed are asked for as a browser does. Told is
the resident memory of the process that serves pages, of the builder, and of the builder's workers.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from edition.preview import Preview
from tests.bench import SAMPLE

TOLD = (1, 10, 50, 100, 150, 200, 250, 300, 400, 500)
PATIENCE = 600.0


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path, nargs="?", default=SAMPLE, help="an edition")
    arguments.add_argument("--rebuilds", type=int, default=TOLD[-1])
    chosen = arguments.parse_args()
    print("rebuilds    serving     builder     workers   MiB", flush=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "edition"
        shutil.copytree(chosen.folder, folder)
        for number, sizes in enumerate(rebuilt(folder, chosen.rebuilds), 1):
            if number in TOLD:
                print(f"{number:8}" + "".join(f"{size / 1024:12.1f}" for size in sizes), flush=True)


def rebuilt(folder: Path, times: int) -> Iterator[tuple[int, int, int]]:
    """KiB of the serving process, the builder and its workers after each rebuild."""
    document = max((folder / "documents").glob("*.md"), key=lambda path: path.stat().st_size)
    text = document.read_text("utf-8")
    at = text.index(" ", text.rindex("\n", 0, text.rindex(" ")) + 1)
    with Preview(folder) as preview:
        session = preview.session
        wait_for(preview, 1)
        for number in range(times):
            if number % 2:
                document.write_text(f"{text[:at]} word{number}{text[at:]}", "utf-8")
                wished = session.wish()  # the save itself is one more wish, or none if it is seen later
            else:
                wished = session.wish({"text-size": f"{10.2 + number % 7 / 10:.1f}pt"})
            wait_for(preview, wished)
            assert not session.failures, session.failures
            assert session.shown is not None
            for page in session.shown.pages[:20]:
                session.images.get(page.digest, 800)
            assert session.process is not None
            builder = session.process.pid
            yield resident("self"), resident(builder), sum(map(resident, children(builder)))


def wait_for(preview: Preview, wished: int) -> None:
    end = time.monotonic() + PATIENCE
    while preview.session.answered < wished:
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def resident(process: int | str) -> int:
    """KiB of a process in memory."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


if __name__ == "__main__":
    main()
