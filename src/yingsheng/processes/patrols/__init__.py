"""Patrols, household visits, the daily inspection of appearance and conduct (modules G and W)."""
