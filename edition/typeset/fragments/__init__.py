"""The book in fragments: laid out one by one, wherever they stand, and furnished when that is known."""
