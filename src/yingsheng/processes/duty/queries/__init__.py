"""Reading the duty log: pages, their lines, what goes over to the next shift, how people kept their shifts."""
