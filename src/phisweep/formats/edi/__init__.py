"""X12: separators, names of elements, and the blocks of an interchange."""
