"""What stands beside genetic data."""
