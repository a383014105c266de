"""Repairs: from the request over work orders to payment, signature, answer, visit and archive (R-01 … R-22)."""
