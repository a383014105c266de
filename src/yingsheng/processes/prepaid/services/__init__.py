"""What is done: orders, joint purchases, requests, the month."""
