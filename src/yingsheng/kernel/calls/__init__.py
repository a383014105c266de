"""The telephone: who rang when, after how many rings somebody answered, and who is called back (B-06, D-10)."""
