"""Surrogates: invented values in place of true ones, the same for the same value of a subject."""
