"""What is decided about rosters: leave and substitution, what a month counts, and the planner; pure."""
