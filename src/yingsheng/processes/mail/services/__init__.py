"""Writing: what comes in, who is told, who gets it, what goes back."""
