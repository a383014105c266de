"""Notices to households and departments: cuts of water, power and gas, lifts, pest control, measures, tips (Z)."""
