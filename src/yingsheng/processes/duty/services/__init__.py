"""Writing the duty log: taking over and handing over, entries, signatures, checks; each step is one event."""
