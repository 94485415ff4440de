"""The one place that chains the stages: folder → edition → resolved → HTML → pages → PDF.

Heavy stages are imported where they are used, so that what needs no page never waits for the engine.
"""

from __future__ import annotations

from edition.pipeline.building import Built, Progress, build, check, concordance
from edition.pipeline.importing import Imported, import_tei, import_text, new
from edition.pipeline.pressing import impose

__all__ = [
    "Built",
    "Imported",
    "Progress",
    "build",
    "check",
    "concordance",
    "import_tei",
    "import_text",
    "impose",
    "new",
    "rules",
]


def rules() -> dict[str, str]:
    """Every rule's code and explanation, of all stages."""
    from importlib import import_module

    from edition.findings import RULES

    for stage in ("manuscript", "importers", "resolve", "styles", "typeset", "assemble", "proof"):
        import_module(f"edition.{stage}")
    return {code: rule.explanation for code, rule in sorted(RULES.items())}
