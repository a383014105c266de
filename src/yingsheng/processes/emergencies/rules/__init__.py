"""What decides about an emergency: pure, without a database."""
