"""The verbs of the registers: `customers`, `typical`, `knowledge`, `plans`; what they share stands in `holding`."""
