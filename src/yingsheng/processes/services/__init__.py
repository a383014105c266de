"""Special services: asked for, charged when arranged, passed on at once, followed, visited midway and at the end."""
