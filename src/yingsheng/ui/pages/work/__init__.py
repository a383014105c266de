"""A worker's pages on a phone: his orders, the pool, one order, scanning, himself; with signal and without."""
