"""Promises as rows: armed, kept, late or waived; alarms that fire exactly once."""
