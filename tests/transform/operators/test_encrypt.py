"""What is encrypted comes back whole with the key, and in no other way."""

import base64
import subprocess
import sys

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import aead

from phisweep import marks
from phisweep.errors import ComponentError, RuleError, VerificationError
from phisweep.keys import Key
from phisweep.transform.operators import Context, get
from phisweep.transform.operators.encrypt import decrypt

KEY = Key(b"k" * 32)
TEXT = "Doe, Jane"


def encrypt(text, identifier="name", key=KEY):
    return get("encrypt")(text, Context(identifier, key=key), {})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "x" * 15,
        "x" * 16,
        "x" * 500,
        "Zo\u00eb \U0001f9d1",
        "\0\0",
        "\x80",
        "\ud800",
        " a\n",
    ],
)
def test_the_text_returns_as_it_stood(text):
    mark = encrypt(text)
    assert marks.is_mark(mark)
    assert decrypt(mark, KEY) == text
    assert decrypt(f" {mark} ", KEY) == text


def test_one_value_has_one_mark_and_every_letter_of_it_counts():
    assert encrypt(TEXT) == encrypt(TEXT)
    assert encrypt(TEXT) != encrypt(TEXT.lower())


def test_another_identifier_or_key_has_another_text_throughout():
    ours = encrypt(TEXT)[9:]
    for other in (encrypt(TEXT, "mrn")[8:], encrypt(TEXT, key=Key(b"l" * 32))[9:]):
        assert sum(a == b for a, b in zip(ours, other, strict=True)) < 10


def test_its_length_tells_only_the_number_of_blocks():
    assert len({len(encrypt("x" * n)) for n in range(16)}) == 1
    assert len(encrypt("x" * 15)) < len(encrypt("x" * 16))


def test_the_mark_of_a_key_does_not_change_between_versions():
    assert encrypt(TEXT) == "[NAME:e1.CiWuHq61rBw9s--CXT9kBMIlkQEDC9lAYdEMZ82iO7s]"


def changed():
    mark = encrypt(TEXT)
    head, body = mark[:9], mark[9:-1]
    flipped = "B" if body[0] == "A" else "A"
    yield from (head + flipped + body[1:] + "]", head + body[:-1] + "]", head + body + "A]")
    yield from (mark.replace("NAME", "MRN"), mark[:-1], mark[1:], mark + mark, mark.lower())
    yield from ("", TEXT, "[NAME]", head + "]", head + "A" * 43 + "]", head + "-" * 64 + "]")
    yield head + base64.urlsafe_b64encode(bytes(48)).decode() + "]"
    yield mark[:-2] + chr(ord(mark[-2]) + 1) + "]"  # the same bytes, written otherwise, or others


@pytest.mark.parametrize("mark", [*changed()])
def test_a_changed_mark_is_a_verification_error_without_a_value(mark):
    with pytest.raises(VerificationError, match="E511") as error:
        decrypt(mark, KEY)
    assert "Doe" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__context__ is None


def test_another_key_is_a_verification_error():
    with pytest.raises(VerificationError, match="E511"):
        decrypt(encrypt(TEXT), Key(b"l" * 32))


def test_a_library_without_the_cipher_is_a_component_error(monkeypatch):
    def missing(_):
        raise UnsupportedAlgorithm(TEXT)

    monkeypatch.setattr(aead, "AESGCMSIV", missing)
    for call in (lambda: encrypt(TEXT), lambda: decrypt("[NAME:e1." + "A" * 43 + "]", KEY)):
        with pytest.raises(ComponentError, match="E431") as error:
            call()
        assert "Doe" not in str(error.value)


def test_it_takes_no_params_and_no_key_of_a_policy():
    with pytest.raises(RuleError, match="E174"):
        get("encrypt")(TEXT, Context("name", key=KEY), {"key": "0123456789abcdef"})


def test_the_cipher_is_not_imported_until_it_is_asked_for():
    code = (
        "import sys; from phisweep.transform.operators import load; load()\n"
        "sys.exit(any(m.partition('.')[0] == 'cryptography' for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
