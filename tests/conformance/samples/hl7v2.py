"""HL7 v2: a batch of messages with documents in them, and frames of MLLP."""

import base64
import re

from conformance.sample import Sample


def packed(text):
    return base64.b64encode(text.encode()).decode()


def batch(canary):
    """Two messages in a batch: text over several segments, escapes, documents, a Z segment."""
    first = [
        f"MSH|^~\\&|LAB||EHR|||{canary()}|ORU^R01|||2.5.1",
        f'PID|1||||""^^^^Dr|||F||a^{canary()}~b^{canary()}&{canary()}|^^^MA||^NET^Internet^{canary()}',
        f"NK1|1||MTH^{canary()}",
        "OBR|1|||718-7^hemoglobin^LN",
        "OBX|1|NM|718-7^hemoglobin^LN||13.5|g/dL|12-16|N|||F",
        f"OBX|2|TX|report^text||please write to \\H\\{canary()} \\N\\or to||||||F",
        f"OBX|3|TX|report^text||{canary()} \\T\\ nobody else\\.br\\{canary()}||||||F",
        f"OBX|4|ED|doc^document||^TEXT^plain^Base64^{packed(f'Mail: {canary()}')}||||||F",
        f"OBX|5|ED|doc^document||^TEXT^plain^Hex^{f'Mail: {canary()}'.encode().hex()}||||||F",
        f'OBX|6|CE|a^b^L||260385009^{canary()}^SCT^""^^||||||F||',
        f"NTE|1||{canary()}",
        f"NTE|2||{canary()}|",
        f"ZPI|1|{canary()}|a&{canary()}^b||",
        "",
    ]
    second = [
        "MSH#:+*'#EHR#####ADT:A01###2.3",
        f"PID#1#########a:{canary()}*{canary()}'b:{canary()}",
        f"a line of no segment, {canary()}",
        "",
    ]
    head = f"\ufeffFHS|^~\\&|LAB\rBHS|^~\\&|LAB|||||||{canary()}\r"
    return (head + "\r".join(first) + "\r\n".join(second) + "BTS|2\rFTS|1\r").encode()


def framed(canary):
    messages = [
        f"MSH|^~\\&|{canary()}||||||ADT^A01|||2.3\rPID|1\rPV2|||a^{canary()}|\r" for _ in range(2)
    ]
    return "".join(f"\x0b{message}\x1c\r" for message in messages).encode()


def structure(data):
    """Return the name of each segment and how many separators it has, by its own reading."""
    found, mark = [], "|"
    for line in re.split(r"[\r\n]+", data.decode("utf-8-sig")):
        bare = line.strip("\x0b\x1c")
        if bare[:3] in ("MSH", "FHS", "BHS"):
            mark = bare[3]
            marks = bare[3:8].replace("#'", "#") if mark == "#" else bare[3:8]
            separators = [c for c in marks if c not in "\\+"]
        if bare[3:4] in ("|", "#"):
            found.append((bare[:3], *(bare.count(c) for c in separators)))
    return found


def unpacked(data):
    yield data
    for match in re.finditer(rb"\^Base64\^([A-Za-z0-9+/=]+)", data):
        yield base64.b64decode(match[1])
    for match in re.finditer(rb"\^Hex\^([A-Fa-f0-9]+)", data):
        yield bytes.fromhex(match[1].decode())


SAMPLES = [
    Sample("results.hl7", batch, structure, unpacked, least=18),
    Sample("stream.mllp", framed, structure, least=4),
]
