"""Reading the sales desk."""
