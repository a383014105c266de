"""Leaf modules: plain Python values and functions, no Django, no storage."""
