"""Reading patrols, visits and inspections."""
