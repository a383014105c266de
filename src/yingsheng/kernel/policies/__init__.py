"""The rule book: what the regulations ask, which preset a site adopted, and the figures that follow."""
