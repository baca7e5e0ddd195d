"""A policy whose method derives what takes the place of a value: the key alone decides."""

DERIVED = """
id: derived
title: Surrogates for all that may have one
extends: expert
method: expert
citation: 45 CFR 164.514(b)(1)
treatments:
  mrn: {action: replace, operator: surrogate}
  other_id: {action: replace, operator: surrogate}
  name: {action: replace, operator: surrogate}
  date: {action: replace, operator: date-shift}
"""
