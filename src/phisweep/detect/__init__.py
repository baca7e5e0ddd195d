"""Blocks -> findings."""
