"""Cash in our hands: every fen has one place, and moves from one place to another."""
