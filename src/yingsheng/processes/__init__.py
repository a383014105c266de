"""One package per process of the service centre; they never import one another."""
