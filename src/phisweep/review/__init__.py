"""
What people say of a run: a blind sample of it, their answers, and what follows from them.

`drawing` goes through the originals as the run did and draws; `sample` is the file of it, which
refers to texts and holds none; `reading` gets the texts again; a `desk` lays them before a
reviewer, on a page (`server`) or in a terminal, and keeps the answers; `settling` and `estimates`
make recall and precision of them, with bounds; `suggestions` says what could be changed.
"""
