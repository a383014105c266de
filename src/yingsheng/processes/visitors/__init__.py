"""The gate: visitors, item release passes, deposited articles and lost property (module V)."""
