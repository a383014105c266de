"""The verbs of the registers: `customers`, `typical`, `plans`; what they share stands in `holding`."""
