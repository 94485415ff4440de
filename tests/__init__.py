"""The tests. A package, as another one of that name may be installed."""
