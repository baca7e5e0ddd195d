"""
The use cases, which are the public API: scan, deidentify, verify.

They own order and fail-closed: which sources there are, what each is called outside, that copies
come under OUT's name only when the run is done, and that every copy was searched again.
"""
