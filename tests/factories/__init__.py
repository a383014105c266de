"""The fixed cast and the smallest valid things tests are made of."""
