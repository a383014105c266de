"""Pages that serve every process: today, worklists, case page, inbox, search, households, rule book, settings."""
