"""Writing rosters, leave, swaps, wishes, calls and plans; each step is one event."""
