"""The front desk's contact register: calls, visits, letters; enquiries and suggestions with a promised reply (B)."""
