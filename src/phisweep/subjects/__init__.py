"""
Subjects: whose record is which, over all files of a run, and what structured records say of them.

`whose` finds keys in a document, `store` is the run's file of keys and facts, `dossiers` is what a
text of a subject is searched for.
"""
