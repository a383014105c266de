"""Knowledge at the moment of speaking: answers, scripts, tips, phrases, standards, and what is still missing (W)."""
