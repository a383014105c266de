"""What the centre keeps beside its cases: key customers, typical cases, ready answers, plans (Z, B-09, B-10, X-10)."""
