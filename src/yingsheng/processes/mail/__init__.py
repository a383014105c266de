"""Mail taken in for households: letters and papers by the batch, registered items and parcels one by one (M)."""
