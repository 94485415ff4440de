"""Pages of HTML for editors, from the templates beside this module, with nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("edition.proof"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


def page_of(template: str, **values: Any) -> str:
    """A template's page; what stands in values is text, and never markup."""
    return _environment().get_template(template).render(values) + "\n"
