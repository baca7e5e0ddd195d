"""
What a policy for a data set could say, column by column, for a person to decide.

`reading` counts what stands under each column and JSON path, `roles` says what it seems to be,
`subjects` where the keys of subjects stand; `propose` puts it together. No value leaves this room:
of the distinct ones it holds keyed digests, for the time of the run.
"""
