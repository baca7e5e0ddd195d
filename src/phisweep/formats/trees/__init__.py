"""JSON: a document or lines of them, as blocks of their leaves."""
