"""What stands inside of strings: markup, base64, colours of a terminal, documents in data: URLs."""
