"""Writing patrols, visits and inspections."""
