"""Bringing data in from tables: rooms, people, and the history kept by another system."""
