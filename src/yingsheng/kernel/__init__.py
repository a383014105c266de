"""What every process stands on; it knows no process."""
