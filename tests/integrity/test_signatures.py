"""What keys promise: one file for its owner, one for everybody, and a signature that cannot be moved."""

import subprocess

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from phisweep.errors import ComponentError, UsageError
from phisweep.integrity.signatures import generate, private_key_from, public_key_from


@pytest.fixture
def key(tmp_path):
    generate(tmp_path / "site.key")
    return tmp_path / "site.key"


def test_a_pair_signs_and_checks(key):
    private, public = private_key_from(key), public_key_from(key.with_name("site.key.pub"))
    signature = private.sign(b"what was said")
    assert public == private.public
    assert public.vouches(signature, b"what was said")
    assert not public.vouches(signature, b"what was not said")
    assert not public.vouches(b"", b"what was said")
    assert "Ed25519" not in repr(private)


def test_the_private_key_is_for_its_owner_and_both_are_what_openssl_reads(key):
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")
    assert key.with_name("site.key.pub").read_bytes().startswith(b"-----BEGIN PUBLIC KEY-----")


def test_a_passphrase_is_asked_for_and_only_the_right_one_opens(tmp_path):
    path = tmp_path / "k"
    generate(path, b"correct horse")
    assert b"ENCRYPTED" in path.read_bytes()
    assert private_key_from(path, b"correct horse").sign(b"x")
    with pytest.raises(ComponentError, match=r"E409.*under a passphrase"):
        private_key_from(path)
    with pytest.raises(ComponentError, match=r"E409.*another one"):
        private_key_from(path, b"battery staple")


def test_a_passphrase_for_a_key_without_one_is_told(key):
    with pytest.raises(ComponentError, match=r"E409.*no passphrase"):
        private_key_from(key, b"x")


@pytest.mark.parametrize("taken", ["site.key", "site.key.pub"])
def test_nothing_is_written_over_and_nothing_left_half_made(tmp_path, taken):
    (tmp_path / taken).write_text("mine")
    with pytest.raises(UsageError, match="E130"):
        generate(tmp_path / "site.key")
    assert [p.name for p in tmp_path.iterdir()] == [taken]
    assert (tmp_path / taken).read_text() == "mine"


def test_a_private_key_is_refused_inside_a_repository(tmp_path, key):
    subprocess.run(["git", "init", "-q", tmp_path / "repo"], check=True)
    inside = tmp_path / "repo" / "deep" / "site.key"
    inside.parent.mkdir()
    with pytest.raises(UsageError, match="E133"):
        generate(inside)
    assert not inside.exists()
    inside.write_bytes(key.read_bytes())
    inside.chmod(0o600)
    with pytest.raises(UsageError, match="E133"):
        private_key_from(inside)
    (tmp_path / "link").symlink_to(inside)
    with pytest.raises(UsageError, match="E133"):
        private_key_from(tmp_path / "link")


def test_a_private_key_that_others_can_read_is_refused(key):
    key.chmod(0o640)
    with pytest.raises(UsageError, match="E103"):
        private_key_from(key)


def of_another_kind(path, *, public):
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if public:
        data = private.public_key().public_bytes(
            form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo
        )
    else:
        data = private.private_bytes(
            form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
        )
    path.write_bytes(data)
    path.chmod(0o600)


def test_what_is_no_key_is_told_and_not_shown(tmp_path, key):
    bad = tmp_path / "bad"
    bad.write_text("Ms. Quillfeather, ssn 987-65-4320")
    bad.chmod(0o600)
    for read, path in (
        (private_key_from, bad),
        (private_key_from, tmp_path / "none"),
        (private_key_from, key.with_name("site.key.pub")),
        (public_key_from, bad),
        (public_key_from, tmp_path / "none"),
        (public_key_from, key),
    ):
        path.chmod(0o600) if path.exists() else None
        with pytest.raises(ComponentError, match=r"E409|E412") as told:
            read(path)
        assert "Quillfeather" not in str(told.value)


def test_a_key_of_another_kind_is_no_key(tmp_path):
    of_another_kind(tmp_path / "rsa", public=False)
    of_another_kind(tmp_path / "rsa.pub", public=True)
    with pytest.raises(ComponentError, match=r"E409.*another kind"):
        private_key_from(tmp_path / "rsa")
    with pytest.raises(ComponentError, match=r"E412"):
        public_key_from(tmp_path / "rsa.pub")


def test_a_key_that_others_made_in_pem_is_taken(tmp_path):
    private = ed25519.Ed25519PrivateKey.generate()
    path = tmp_path / "k"
    path.write_bytes(
        private.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    )
    path.chmod(0o600)
    assert private_key_from(path).public.raw == private.public_key().public_bytes_raw()
