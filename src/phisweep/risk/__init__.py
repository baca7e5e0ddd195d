"""
How likely somebody in a table is found again by what others may know of him.

Columns of quasi-identifiers become codes (`coding`), rows become distinct rows with counts
(`grouping`, `gathering`, `counted`), and of those all figures are made: sizes of classes (`sizes`),
what an attacker may gain (`attackers`, `population`), what a class tells of its members
(`diversity`, `closeness`), which column drives the risk (`subsets`), and which generalisations
would lower it with least loss (`hierarchies`, `lattice`, `search`). Values of the data stay in `coding`
and `hierarchies`; no figure holds one, nor a count of people from 1 to 10.
"""
