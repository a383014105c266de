"""Telling people: an outbox written with the business data, sent at least once, by channels that can be added."""
