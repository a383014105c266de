"""Duty rosters: the plan of a month, leave and swaps, the on-call list, and a planner that shares turns fairly (D)."""
