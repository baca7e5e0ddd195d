"""FHIR resources: which element each string of one is, and what stands inside of it."""
