"""Follow-up visits: due after handling, made by people, repeated until the household is satisfied (F-01 … F-25)."""
