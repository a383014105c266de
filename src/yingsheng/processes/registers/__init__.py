"""What the centre keeps beside its cases: key customers, typical cases, plans (Z, B-10, X-10)."""
