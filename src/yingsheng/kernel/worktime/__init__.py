"""Working time: calendars with Chinese holidays and make-up days, and the arithmetic of due times."""
