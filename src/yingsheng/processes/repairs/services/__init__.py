"""The verbs of the repair desk."""
