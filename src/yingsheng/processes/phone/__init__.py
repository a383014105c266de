"""The phone desk: whoever rings stands on the screen, whoever was missed is called back (B-06, D-10)."""
