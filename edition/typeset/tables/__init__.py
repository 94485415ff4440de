"""Tables fitted to the page: each that is too wide gets a smaller size, or is turned, before the layout begins.

`fitting` tries what can be tried and marks it in the HTML, `measuring` says how wide a table is and how much room
it has, `widest` which of its rows need to be measured; `spans` mends cells over rows that are broken over pages.
"""

from edition.typeset.tables.fitting import Fitted, fit_tables
from edition.typeset.tables.spans import HOOKS

__all__ = ["HOOKS", "Fitted", "fit_tables"]
