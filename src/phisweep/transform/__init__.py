"""Decisions -> new text: splice, the operators, random codes, the ZIP3 table."""
