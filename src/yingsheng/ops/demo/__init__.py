"""The demonstration site: invented homes and people, and three months of plausible work."""
