"""What formats of running text share: texts joined of pieces, spliced back, and tables' labels."""
