"""Mail: where the parts of a message stand in its bytes, and what is written in their place."""
