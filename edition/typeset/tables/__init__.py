"""Tables fitted to the page: each that is too wide gets a smaller size, or is turned, before the layout begins.

`fitting` tries what can be tried and marks it in the HTML, `measuring` says how wide a table is and how much room
it has, `widest` which of its rows need to be measured. How rows are broken over pages is for the engine to know.
"""

from edition.typeset.tables.fitting import Fitted, fit_tables

__all__ = ["Fitted", "fit_tables"]
