"""The corpus generator: templates, values and noise -> clinical text with labelled spans."""
