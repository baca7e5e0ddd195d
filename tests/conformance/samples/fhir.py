"""FHIR bundles and bulk data, and notebooks."""

import base64
import json
from contextlib import suppress

from conformance.sample import Sample


def div(text):
    return f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{text}</p></div>'


def packed(text):
    return base64.b64encode(text.encode()).decode()


def observation(canary):
    return {
        "resourceType": "Observation",
        "status": "final",
        "text": {"status": "generated", "div": div(f"see {canary()} &amp; more")},
        "contained": [{"resourceType": "Medication", "code": {"text": f"ask {canary()}"}}],
        "extension": [
            {"url": "http://hl7.org/fhir/StructureDefinition/x", "valueString": canary()}
        ],
        "code": {"coding": [{"system": "http://loinc.org", "code": "8302-2", "display": canary()}]},
        "valueQuantity": {"value": 1.7e2, "unit": "cm", "code": canary()},
        "note": [{"text": f"line\n{canary()}"}],
        "_status": {"extension": [{"url": "local", "valueString": f"\u00fc {canary()}"}]},
        "interpretation": [{"text": f"to {canary()}"}],
        canary(): "a key",
    }


def document(canary):
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "content": [
            {"attachment": {"contentType": "text/plain", "data": packed(f"Hello {canary()}.\n")}},
            {"attachment": {"data": packed(canary()), "title": f"letter of {canary()}"}},
        ],
    }


def bundle(canary):
    entries = [{"resource": observation(canary)}, {"resource": document(canary)}]
    resource = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(resource, indent=2).replace("170.0", "1.70E+2").encode()


def lines(canary):
    made = [observation(canary), document(canary), observation(canary)]
    return b"".join(json.dumps(each).encode() + b"\n" for each in made)


def shape(value):
    if isinstance(value, dict):
        return {"keys": [shape(each) for each in value.values()]}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return value if isinstance(value, float | int | None) else "text"


def strings(value):
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for each in value:
            yield from strings(each)
    elif isinstance(value, str):
        yield value.encode()
        with suppress(ValueError):
            yield base64.b64decode(value, validate=True)


def of_lines(data):
    return [json.loads(line) for line in data.splitlines()]


def notebook(canary):
    data = {
        "text/plain": ["  to\n", f"0 {canary()}"],
        "text/html": ["<table><tr><th>to</th></tr>\n", f"<tr><td>{canary()}</td></tr></table>"],
        "image/svg+xml": f"<svg><text>{canary()}</text></svg>",
        "application/json": {"rows": [{"to": canary(), "n": 1.50}]},
        "application/vnd.other": f"as {canary()}",
    }
    address = canary()
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# To\n", f"write {canary()}\n"]},
        {
            "cell_type": "code",
            "execution_count": 3,
            "metadata": {"tags": [canary()]},
            "source": [f'to = "{address[:9]}', f'{address[9:]}"\n'],
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": f"\x1b[31m{canary()}\x1b[0m\n"},
                {
                    "output_type": "execute_result",
                    "execution_count": 3,
                    "metadata": {},
                    "data": data,
                },
                {
                    "output_type": "error",
                    "ename": "ValueError",
                    "evalue": f"no {canary()}",
                    "traceback": ["\x1b[0;31m---\x1b[0m", f"ValueError: {canary()}"],
                },
            ],
        },
        {
            "cell_type": "markdown",
            "metadata": {},
            "attachments": {},
            "source": f'<p title="{canary()}">mail</p>',
        },
    ]
    metadata = {"kernelspec": {"display_name": "Python 3", "name": "python3"}, "to": canary()}
    return json.dumps(
        {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}, indent=1
    ).encode()


def joined(data):
    """Every string, and every list of strings as the one text that it is."""
    yield from strings(json.loads(data))
    todo = [json.loads(data)]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            todo += value.values()
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            yield "".join(value).encode()
        elif isinstance(value, list):
            todo += value


SAMPLES = [
    Sample(
        "bundle.json",
        bundle,
        lambda data: shape(json.loads(data)),
        lambda data: strings(json.loads(data)),
        least=12,
    ),
    Sample(
        "resources.ndjson",
        lines,
        lambda data: [shape(each) for each in of_lines(data)],
        lambda data: strings(of_lines(data)),
        least=20,
    ),
    Sample("analysis.ipynb", notebook, lambda data: shape(json.loads(data)), joined, least=13),
]
