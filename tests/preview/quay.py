"""A little edition to preview, and a way to wait for what the preview does."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

VOLUME = """\
# The look of this edition is still being found.
title: Letters of the Quay
id: quay
language: en
style: reading   # for now
original-pages: inline
contents:
  - generated: title-page
  - division: chapter
    id: harbour
    title: The Harbour
    contents:
      - documents/d1.md
      - documents/d2.md
"""
SENTENCE = "The tide was high and the quay was wet when a schooner came in with oil for the lamps of the town. "
FIRST = f"""\
---
id: d1
title: The Harbour Master to the Keeper
start-page: "11"
---

A letter begins.[^1]

{SENTENCE * 12}

{SENTENCE * 12} [Page 12] {SENTENCE * 9} See [p. 99](#page-99).

{SENTENCE * 20}

[^1]: A note on the letter.
"""
SECOND = f"""\
---
id: d2
title: The Keeper's Answer
---

An answer begins. {SENTENCE * 10} See [p. 98](#page-98).

{SENTENCE * 10} [Page 13] {SENTENCE * 10}
"""
LONG = 120.0
"""Seconds that nothing takes, however busy the machine is."""


def write_edition(folder: Path) -> Path:
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    (folder / "edition.yaml").write_text(VOLUME, "utf-8")
    (folder / "documents/d1.md").write_text(FIRST, "utf-8")
    (folder / "documents/d2.md").write_text(SECOND, "utf-8")
    return folder


def wait_until(true: Callable[[], object]) -> None:
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)
