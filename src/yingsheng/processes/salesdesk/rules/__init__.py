"""What decides at the sales desk: conflict keys, day limits, attribution, the rotation, commission in fen."""
