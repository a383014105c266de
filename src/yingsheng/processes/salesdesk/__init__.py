"""The sales desk: whose turn it is, whose customer, and by which article (J)."""
