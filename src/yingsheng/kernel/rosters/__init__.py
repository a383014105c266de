"""Whose turn it is: duty posts, their shifts, and who is rostered for each; no gap, no double booking (D)."""
