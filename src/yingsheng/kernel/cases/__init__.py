"""The shape of a request with a life cycle: number, state, people, clocks; legal steps only."""
