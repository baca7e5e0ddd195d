"""Jupyter notebooks: which part of a cell each string is, and what stands inside of it."""
