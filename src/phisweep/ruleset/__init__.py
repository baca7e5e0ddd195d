"""rules/ -> frozen objects."""
