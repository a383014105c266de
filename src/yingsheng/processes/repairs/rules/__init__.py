"""What the repair rules decide. Pure."""
