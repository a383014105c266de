"""Reading the mail."""
