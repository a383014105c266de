"""Page toolkit: base templates, components, tags and static files. Knows the kernel, no process."""
