"""Complaints: from the first word to the signed follow-up (rules C-01 … C-87, X group complaints)."""
