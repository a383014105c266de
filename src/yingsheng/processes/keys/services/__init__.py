"""The verbs of the key cabinet; each is one transaction with one event."""
