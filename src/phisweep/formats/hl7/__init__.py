"""HL7 v2: separators, escapes, names of fields, and the blocks of a message."""
