"""Reading special services: the month and its rows."""
