"""An invented hospital, small enough to be drawn whole, and a reviewer who knows the truth."""

import json
import re

from phisweep.review.desk import Desk

#: What identifies: the rules of the tests find most of it. (555-01xx, example.org, SSN 987-65-43xx.)
FOUND = ("Quillfeather", "987-65-4320", "987-65-4321", "x.y@example.org", "617-555-0123")
MISSED = ("Brambleworth", "Thistledown")
NOTE = """Ms. Quillfeather was seen in March for her knee.
Her neighbour Brambleworth drove her here, and waited.
Her ssn 987-65-4320 is on file; write x.y@example.org.
No fracture. Rest, ice, and paracetamol for one week.
The lot of the brace is WK123456.
"""
ROWS = """id,name,ward,city_note,score
STU-417701,Quillfeather,north,came by bus,12
STU-417702,Larkspur,south,lives beside Thistledown,15
STU-417703,Fennimore,north,came by bus,18
STU-417704,Ashgrove,south,came on foot,11
STU-417705,Pennywhistle,north,came by car,17
STU-417706,Oldcastle,south,came by bus,14
"""
NAMES = ("Quillfeather", "Larkspur", "Fennimore", "Ashgrove", "Pennywhistle", "Oldcastle")
TRUTH = re.compile("|".join(map(re.escape, (*FOUND, *MISSED, *NAMES))) + r"|STU-\d{6}")
MESSAGES = [
    {"id": "STU-417709", "body": "please call 617-555-0123 after lunch, or come by when you can"},
    {"id": "STU-417710", "body": "her ssn 987-65-4321 was wrong in the letter that we sent to her"},
]


def write(folder):
    """Write the originals into a folder."""
    folder.mkdir()
    (folder / "note.txt").write_text(NOTE, encoding="utf-8")
    (folder / "visits.csv").write_text(ROWS, encoding="utf-8")
    lines = "".join(json.dumps(message) + "\n" for message in MESSAGES)
    (folder / "messages.jsonl").write_text(lines, encoding="utf-8")
    return folder


def truth(view):
    """The verdict of one who knows, and the numbers of the words to mark."""
    unit = view.unit
    if unit.is_candidate:
        return ("yes" if TRUTH.search(view.text[unit.start : unit.end]) else "no"), []
    told = [
        number
        for number, (start, end) in enumerate(view.words)
        if TRUTH.search(view.text[start:end])
    ]
    return ("yes" if told else "no"), told


def answer_all(desk: Desk, judge=truth, most=10_000):
    """Answer what is asked, as somebody judges it."""
    for _ in range(most):
        view = desk.current
        if view is None:
            break
        assert desk.answer(view.unit.id, *judge(view))
    return desk
