"""Tables fitted to the page: each that is too wide gets a smaller size, or is turned, before the layout begins.

`fitting` tries what can be tried and marks it in the HTML, `measuring` says how wide a table is and how much room
it has, `widest` which of its rows need to be measured; `spans` and `grid` mend
what the engine does with cells over rows that are broken over pages, and with the text after a table.
"""

from edition.typeset.tables import grid, spans
from edition.typeset.tables.fitting import Fitted, fit_tables, turned_sheet

HOOKS = {**spans.HOOKS, **grid.HOOKS}
"""What `engine` wraps: dotted name → function that is given the original and gives its replacement."""

__all__ = ["HOOKS", "Fitted", "fit_tables", "turned_sheet"]
