"""
What single fields leave that together tell more: named, counted, and found without a value kept.

`kinds` names every leak, once for report and documents; `years` puts the ages, birth years and
events of a subject together; `related` compares the columns of a table row by row, `hashes` those
of several files.
"""
