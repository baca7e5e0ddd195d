"""
Canaries: invented identifiers planted in a copy of the user's own data, and looked for there.

`looking` reads the data and finds places, `allotting` says what is planted where, `values` invents
it, `phrases` and `noise` write it as people do, `copying` makes the planted copy, `seeking` searches
that as a run would, `counting` says what became of each. No value of the data leaves this room, and
what it plants is nobody's.
"""
