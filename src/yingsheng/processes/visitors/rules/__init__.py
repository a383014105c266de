"""What decides at the gate: consent and validity of passes, signed codes, visitors, the reconciled week."""
