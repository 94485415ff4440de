"""`python -m edition` is the `edition` command."""

from edition.cli import main

main()
