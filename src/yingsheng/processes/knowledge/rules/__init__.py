"""What may be written, how people are addressed, how words are filled in, which articles fit. Pure."""
