"""What work costs: the price list, the quote a household accepts before paid work, the payment and its receipt."""
