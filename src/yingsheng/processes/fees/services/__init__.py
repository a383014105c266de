"""What is done: fees, takings, handovers, counts of the box."""
