"""Outcomes become the audit record, and the record its renderings."""
