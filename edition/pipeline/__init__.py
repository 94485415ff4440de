"""The one place that chains the stages: folder → edition → resolved → HTML → pages → PDF.

Heavy stages are imported where they are used, so that what needs no page never waits for the engine.
"""

from __future__ import annotations

from edition.findings import Rule
from edition.pipeline.building import (
    Builder,
    Built,
    Glimpsed,
    How,
    Made,
    build,
    check,
    concordance,
    rebuild,
)
from edition.pipeline.importing import Imported, import_tei, import_text, new
from edition.pipeline.pressing import impose
from edition.pipeline.proofing import comments, compare, hyphens, proof
from edition.pipeline.proofreading import check_manuscript
from edition.pipeline.setting import write_settings
from edition.pipeline.settling import Progress
from edition.pipeline.watching import watch

__all__ = [
    "Builder",
    "Built",
    "Glimpsed",
    "How",
    "Imported",
    "Made",
    "Progress",
    "all_rules",
    "build",
    "check",
    "check_manuscript",
    "comments",
    "compare",
    "concordance",
    "hyphens",
    "import_tei",
    "import_text",
    "impose",
    "new",
    "proof",
    "rebuild",
    "rules",
    "watch",
    "write_settings",
]

DECLARING = ("proof.book", "proof.press", "pipeline.revisions", "pipeline.styling", "typeset.face_report")
"""Modules beside the stages that declare rules, and are imported only where they are used."""


def rules() -> dict[str, str]:
    """Every rule's code and explanation, of all stages."""
    return {code: rule.explanation for code, rule in all_rules().items()}


def all_rules() -> dict[str, Rule]:
    """Every rule by its code, of all stages."""
    from importlib import import_module

    from edition.findings import RULES

    for stage in ("manuscript", "importers", "resolve", "styles", "typeset", "assemble", "proof", *DECLARING):
        import_module(f"edition.{stage}")
    return dict(sorted(RULES.items()))
