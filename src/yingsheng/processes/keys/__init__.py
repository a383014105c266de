"""Keys: where each hangs, who has it, with whose consent, and the count at the month's end (module K)."""
