"""
Measuring: what stands marked in a text or a table beside what a tool found there.

gold/ reads corpora, `labels` translates their labels, `matching` compares one text, `tally` adds up,
`figures` makes shares with their bounds of it. Knows no command and no report. What leaves this room
is counts; texts leave it as mistakes alone, where somebody asked to see them.
"""
