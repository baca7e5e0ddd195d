"""File <-> blocks."""
