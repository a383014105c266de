"""The sales desk: whose turn it is to receive, whose customer it is, and which article says so (J)."""
