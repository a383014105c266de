"""Prepaid electricity and gas, and what is arranged with the utilities on behalf of a home (P)."""
