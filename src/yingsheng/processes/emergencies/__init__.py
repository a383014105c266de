"""Emergencies: one button, alarms by minutes until somebody takes it, callers told, a report afterwards (X)."""
