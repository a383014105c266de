"""Attachments and signatures, checked by what they are, not by what they are called."""
