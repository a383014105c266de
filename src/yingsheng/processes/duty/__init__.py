"""Duty log, shift handover, supervisor's signature and spot checks (D)."""
