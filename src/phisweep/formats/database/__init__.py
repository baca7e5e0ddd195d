"""What databases and their dumps share: rows as blocks, and the words of SQL."""
