"""What proves that data and report are as they were: digests, a chain of custody, signatures."""
