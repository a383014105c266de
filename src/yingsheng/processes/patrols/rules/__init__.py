"""What is decided about patrols, visits and inspections. Pure."""
