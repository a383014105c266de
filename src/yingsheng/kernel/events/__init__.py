"""The append-only log: one event for every write, chained per site, impossible to alter unnoticed."""
