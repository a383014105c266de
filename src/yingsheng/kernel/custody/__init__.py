"""Things in our hands: one holder at a time, every hand-over with its two sides, the shelf counted against the book."""
