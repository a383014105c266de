"""Writing at the sales desk."""
