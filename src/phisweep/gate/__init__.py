"""What makes a scan a gate: a baseline of known findings, approved columns, and what git tells."""
