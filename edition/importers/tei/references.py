"""Where references lead: from TEI's targets to those of the edition. Knows ids and anchors, and no text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from edition.findings import Severity, declare
from edition.importers.tei.survey import Survey

DANGLING = declare(
    "I111",
    Severity.WARNING,
    """A reference leads nowhere.

    Nothing in the file has that id. The words are kept and the link is left out; to make one, write
    `[words](#anchor)` in the document.
    """,
)
NO_ANCHOR = declare(
    "I112",
    Severity.INFO,
    """A reference leads to something that has no anchor in an edition.

    Items of lists, cells and paragraphs have no ids here. The words are kept and the link is left out.
    """,
)
FALSE_URL = declare(
    "I113",
    Severity.WARNING,
    """An address on the web cannot be right.

    It has no host, or characters that no address has. The words are kept and the link is left out.
    """,
)

_WEB = re.compile(r"(?:https?|ftp)[:;/]|www\.|mailto:", re.IGNORECASE)
_VOLUME = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")


@dataclass
class Targets:
    """Binds the targets of one file."""

    survey: Survey
    volume: str
    """The file's own id, by which it may name itself."""

    def bind(self, target: str, element: etree._Element) -> str:
        """The edition's target, or nothing where there is none; then that is reported."""
        target = target.strip()
        if not target:
            return ""
        if _WEB.match(target):
            return self._web(target, element)
        volume, sign, fragment = target.partition("#")
        if volume and volume != self.volume:
            return self._other_volume(target, volume, fragment, element)
        if not sign:
            return ""
        return self._here(fragment, element)

    def _here(self, fragment: str, element: etree._Element) -> str:
        if anchor := self.survey.anchors.get(fragment):
            return f"#{anchor}"
        report = self.survey.report
        if fragment in self.survey.items or fragment in self.survey.named:
            report.count(
                NO_ANCHOR, element, "references lead to items, paragraphs or names, which have no anchors"
            )
        else:
            report.add(DANGLING, element, f"reference `#{fragment[:60]}` leads nowhere")
        return ""

    def _other_volume(self, target: str, volume: str, fragment: str, element: etree._Element) -> str:
        """A page of another volume has the anchor that it would have here; a volume alone, its own id."""
        if not _VOLUME.fullmatch(volume):
            self.survey.report.add(DANGLING, element, f"reference `{target[:60]}` names no volume")
            return ""
        page = re.fullmatch(r"pg_([A-Za-z0-9]+)", fragment)
        fragment = f"page-{page[1]}" if page else fragment
        return f"{volume}#{fragment or volume}"

    def _web(self, target: str, element: etree._Element) -> str:
        try:
            address = urlsplit(target)
            right = address.scheme in ("http", "https", "ftp", "mailto") and (
                bool(re.fullmatch(r"[^\s.@/]+(?:\.[^\s.@/]+)+(?::\d+)?", address.netloc))
                or (address.scheme == "mailto" and "@" in address.path)
            )
        except ValueError:
            right = False
        if right and not re.search(r"[\s<>\"{}|\\^`]", target):
            return target
        self.survey.report.add(FALSE_URL, element, f"`{target[:80]}` is no address on the web")
        return ""
