"""What all tests share.

Properties are tried on the same examples each time, unless asked otherwise: a change must not fail for what it
did not do. `HYPOTHESIS_PROFILE=explore` looks for new examples.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import settings

from edition.pipeline import building
from tests.verapdf import assert_archival

settings.register_profile("house", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


@pytest.fixture(scope="session", autouse=True)
def a_cache_of_our_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests make use of nothing that was made before them, and leave nothing behind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EDITION_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", autouse=True)
def every_pdf_is_archival(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every PDF that a test builds through the pipeline is looked at by veraPDF, all together at the end."""
    kept = tmp_path_factory.mktemp("every-pdf")
    write = building.write_files

    def write_and_keep(folder: Path, contents: Mapping[str, str | bytes], *, force: bool) -> tuple[Path, ...]:
        for name, content in contents.items():
            if name.endswith(".pdf") and not name.endswith(".print.pdf") and isinstance(content, bytes):
                (kept / f"{sha256(content).hexdigest()[:16]}-{name}").write_bytes(content)
        return write(folder, contents, force=force)

    building.write_files = write_and_keep
    yield
    building.write_files = write
    if paths := sorted(kept.iterdir()):
        assert_archival(*paths)
