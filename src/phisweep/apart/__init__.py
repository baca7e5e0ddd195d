"""
Work where nothing is shared: what goes out to Spark's executors, and what comes back.

`parcels` packs a spec with its files and takes in what workers leave, `documents` does the jobs of
runs over files. A worker has a folder of its own; what it leaves there comes back with its result and
counts when the result does, whatever became of other attempts.
"""
