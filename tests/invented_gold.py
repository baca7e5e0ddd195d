"""Small corpora of invented people, written as each format wants them."""

import json

TEXT = "Ms. Ada Quillfeather came on 2024-03-04.\nCall 617-555-0123 or 12 Larkspur Ave."
MARKS = (("NAME", "Ada Quillfeather"), ("DATE", "2024-03-04"), ("PHONE", "617-555-0123"))
OTHER = "Dr. Bo Larkspur saw nobody. ADA is no name."
#: None of these may come to light but where somebody asked for it.
CANARIES = ("Quillfeather", "2024-03-04", "617-555", "Larkspur")


def spans(text=TEXT, marks=MARKS, key="class", start="start", end="end"):
    """The marks of a text as objects."""
    return [
        {start: (at := text.index(value)), end: at + len(value), key: label}
        for label, value in marks
    ]


def jsonl(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def gold(path):
    """Two documents, four spans."""
    return jsonl(
        path,
        {"id": "a", "text": TEXT, "spans": spans()},
        {"id": "b", "text": OTHER, "spans": spans(OTHER, [("NAME", "Bo Larkspur")])},
    )


def brat(folder, name="a", text=TEXT, marks=MARKS):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.txt").write_bytes(text.encode())
    lines = [
        f"T{n}\t{label} {text.index(value)} {text.index(value) + len(value)}\t{value}"
        for n, (label, value) in enumerate(marks, 1)
    ]
    (folder / f"{name}.ann").write_text("\n".join(lines) + "\nR1\tOf Arg1:T1 Arg2:T2\n")
    return folder


def i2b2_2014(path):
    tags = "".join(
        f'<{tag} id="P{n}" start="{TEXT.index(value)}" end="{TEXT.index(value) + len(value)}"'
        f' text="{value}" TYPE="{type_}" comment="" />'
        for n, (tag, type_, value) in enumerate(
            [
                ("NAME", "PATIENT", MARKS[0][1]),
                ("DATE", "DATE", MARKS[1][1]),
                ("CONTACT", "PHONE", MARKS[2][1]),
            ]
        )
    )
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8" ?>\n<deIdi2b2>\n<TEXT><![CDATA[{TEXT}]]></TEXT>\n'
        f"<TAGS>{tags}</TAGS>\n</deIdi2b2>\n"
    )
    return path


def i2b2_2006(path):
    path.write_text(
        '<ROOT>\n<RECORD ID="7">\n<TEXT>Seen by <PHI TYPE="DOCTOR">Quillfeather</PHI> &amp; co on'
        ' <PHI TYPE="DATE">03/04</PHI>, aged <PHI TYPE="AGE">93</PHI>.</TEXT>\n</RECORD>\n'
        '<RECORD ID="8">\n<TEXT>Nothing, at <PHI TYPE="AGE">41</PHI>.</TEXT>\n</RECORD>\n</ROOT>\n'
    )
    return path


def presidio(path):
    path.write_text(
        json.dumps(
            [
                {
                    "full_text": TEXT,
                    "masked": "{{name}}",
                    "spans": [
                        {
                            "entity_type": "PERSON",
                            "entity_value": "Ada Quillfeather",
                            "start_position": 4,
                            "end_position": 20,
                        }
                    ],
                    "template_id": 1,
                },
                {"full_text": OTHER, "spans": []},
            ],
            indent=1,
        )
    )
    return path


CONLL = """-DOCSTART- -X- O O

Ms NNP O
. . O
Ada NNP B-PER
Quillfeather NNP I-PER
( -LRB- O
the DT O
boss NN O
) -RRB- O
called VBD O
617 CD B-PHONE
- HYPH I-PHONE
555 CD I-PHONE
- HYPH I-PHONE
0123 CD I-PHONE
. . O

Bo NNP B-PER
lives VBZ O

-DOCSTART- -X- O O

In IN O
Northmere NNP B-LOC
"""
