"""Fees taken by the desk on behalf of others, the cash box, and its handover to the cashier (O)."""
