"""Opaque keys for addresses: nobody can count cases or guess the next one."""

from __future__ import annotations

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no letters that are mixed up when read aloud
LENGTH = 12


def new_key() -> str:
    """A random key of 12 characters (about 59 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
