"""Tables with types: Arrow arrays of any type as columns of text, and back."""
