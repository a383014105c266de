"""Rooms and the people who live in them, with their personal data declared, masked and sealed."""
