"""Mail: every header, body and attachment read, and what is not changed keeps its bytes."""

import base64
import email
import mailbox
from contextlib import closing
from email import policy

import pytest

from formats.test_containers import PNG, failure, run, zipped
from phisweep.formats.base import ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.formats.mail import Mail
from phisweep.formats.message.words import encoded_words
from phisweep.model import Source

END = "\r\n"


def mail(*lines, end=END):
    return end.join(lines).encode()


def parsed(data):
    return email.message_from_bytes(data, policy=policy.default)


def seen_in(data, name="a.eml"):
    return [text for _, text in run(name, data, write=False)[0]]


SIMPLE = mail("From: x@example.org", "Subject: Zed", "", "Dear Zed,", "", "well.", "")
PARTS = mail(
    "MIME-Version: 1.0",
    "Content-Type: multipart/mixed; boundary=b1",
    "",
    "preamble Zed",
    "--b1",
    "Content-Type: text/plain; charset=iso-8859-1",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "caf=E9 with Zed =",
    "today",
    "--b1",
    "Content-Type: text/csv; name=Zed.csv",
    "Content-Transfer-Encoding: base64",
    "",
    base64.b64encode(b"a,b\r\n1,Zed\r\n").decode(),
    "--b1",
    "Content-Type: image/png",
    "Content-Transfer-Encoding: base64",
    "",
    base64.b64encode(PNG).decode(),
    "--b1--",
    "epilogue Zed",
)


@pytest.mark.parametrize(
    "data",
    [
        SIMPLE,
        PARTS.replace(b"image/png", b"text/x").replace(base64.b64encode(PNG), b"QUJD"),
        SIMPLE.replace(b"\r\n", b"\n"),
        mail("Subject: only headers"),
        mail("", "only a body"),
        mail("no header at all", "  folded", "Subject: =?utf-8?b?8J+Zgg==?=", "", "x"),
        mail("Subject: caf\u00e9 \u2713", "", "b\u00f6dy"),
        b"Subject: caf\xe9\n\nb\xf6dy\n",
        mail('Content-Type: multipart/mixed; boundary="b;1"', "", "--b;1", "", "x", "--b;1--"),
        b"",
    ],
)  # fmt: skip
def test_a_message_without_changes_keeps_its_bytes(data):
    assert run("a.eml", data)[1] == data


def test_one_change_leaves_every_other_byte():
    assert run("a.eml", SIMPLE, "Zed", "[NAME]")[1] == SIMPLE.replace(b"Zed", b"[NAME]")


def test_every_place_of_a_message_is_read_and_changed():
    _, copy, document = run("a.eml", PARTS, "Zed", "X")
    assert b"Zed" not in copy
    assert b"caf=E9 with X" in copy
    message = parsed(copy)
    text, table, picture = message.iter_parts()
    assert text.get_content().rstrip() == "caf\u00e9 with X today"
    assert base64.b64decode(table.get_payload()) == b"a,b\r\n1,X\r\n"
    assert table.get_filename() == "X.csv"
    assert picture.get_content_type() == "image/png"
    assert picture.get_payload() == ""
    assert (message.preamble, message.epilogue) == ("preamble X", "epilogue X")
    assert any("cannot be assessed" in warning for warning in document.warnings)


def test_encoded_words_are_searched_decoded_and_encoded_again():
    data = mail(
        "Subject: =?iso-8859-1?q?J=FCrg?= =?iso-8859-1?q?_Zed?= here", "To: x@example.org", "", ""
    )
    assert "J\u00fcrg Zed here" in seen_in(data)
    copy = run("a.eml", data, "Zed", "\u00dcX")[1]
    assert str(parsed(copy)["Subject"]) == "J\u00fcrg \u00dcX here"
    assert run("a.eml", data, " here", "")[1].endswith(b"Zed?=\r\nTo: x@example.org\r\n\r\n")


def test_a_value_broken_over_two_lines_is_one_text():
    data = mail("Subject: call 617", " 555 0143", "X: y", "", "")
    assert "call 617 555 0143" in seen_in(data)
    copy = run("a.eml", data, "617 555 0143", "[PHONE]")[1]
    assert str(parsed(copy)["Subject"]).startswith("call [PHONE]")
    assert parsed(copy)["X"] == "y"


def test_names_of_files_in_pieces_are_one_text():
    data = mail(
        "Content-Type: application/octet-stream",
        "Content-Disposition: attachment; filename*0*=utf-8''of%20Z;",
        ' filename*1=ed; filename*2=".txt"',
        "",
        "text",
    )
    assert "of Zed.txt" in seen_in(data)
    copy = run("a.eml", data, "Zed", '\u00dc"X')[1]
    assert parsed(copy).get_filename() == 'of \u00dc"X.txt'


def test_a_boundary_that_says_something_is_another_in_the_copy():
    data = PARTS.replace(b"b1", b"Zed-42")
    message = parsed(run("a.eml", data, "Zed-42", "X")[1])
    assert len(list(message.iter_parts())) == 3
    assert b"Zed-42" not in bytes(message)


def test_names_before_addresses_have_a_place_of_their_own():
    data = mail('To: "Quill, Zed" <q@example.org>, Ann B <a@example.org>, c@example.org', "", "")
    with closing(_open(data)) as document:
        (part,) = document.parts()
        blocks = [block for chunk in part.chunks() for block in chunk.blocks]
    assert [b.text for b in blocks if b.path == "mail:To.name"] == ["Quill, Zed", "Ann B"]
    assert "".join(b.text for b in blocks).count("example.org") == 3


def _open(data, name="a.eml"):
    source = Source(None, name, len(data), name, data)
    return choose_format(source, ReadOptions()).open(source, ReadOptions())


def test_messages_in_messages_and_archives_in_them_are_read():
    inner = mail("Subject: Zed", "Content-Type: application/zip", "Content-Transfer-Encoding: base64",
                 "", base64.b64encode(zipped(("n.txt", b"Zed"))).decode())  # fmt: skip
    data = mail("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: message/rfc822",
                "", inner.decode(), "--b--", "")  # fmt: skip
    seen, copy, _ = run("a.eml", data, "Zed", "X")
    assert ("attachment 1!attachment 1!n.txt", "Zed") in seen
    assert b"Subject: X" in copy


def test_what_is_encrypted_is_not_assessed_and_empty_in_a_copy():
    data = mail("Subject: s", "", "-----BEGIN PGP MESSAGE-----", "", "aGVsbG8=")
    seen, copy, _ = run("a.eml", data)
    assert ("", "an encrypted message (nothing in it can be read)") in seen
    assert copy == b"Subject: s\r\n\r\n"


def test_a_signature_that_a_change_breaks_is_told():
    data = PARTS.replace(b"multipart/mixed", b"multipart/signed")
    assert any("signature" in w for w in run("a.eml", data, "Zed", "X")[2].warnings)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (mail("Content-Transfer-Encoding: base64", "", "not base64!"), "E262"),
        (mail("Content-Transfer-Encoding: quoted-printable", "", "a=ZZ"), "E262"),
        (mail("Content-Transfer-Encoding: x-uuencode", "", "a"), "E262"),
        (mail("Content-Type: multipart/mixed", "", "x"), "E264"),
        (PARTS.replace(b"boundary=b1", b"boundary=b2"), "E264"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "E263"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_says_no_value(data, code):
    if code == "E263":
        source = Source(None, "a.msg", len(data), "a.msg", data)
        with pytest.raises(Exception, match="E263"):
            Mail().open(source, ReadOptions())
        return
    message = failure("a.eml", data)
    assert code in message
    assert "Zed" not in message


def test_parts_nested_too_deep_are_an_error():
    lines = []
    for i in range(20):
        lines += [f"Content-Type: multipart/mixed; boundary=b{i}", "", f"--b{i}"]
    assert "E209" in failure("a.eml", mail(*lines, "", "x"))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_mbox_is_read_message_by_message(end, tmp_path):
    one = mail(
        "From Zed@example.org Fri Mar 14 09:30:00 2014",
        "Subject: Zed",
        "",
        ">From quoted Zed",
        "",
        end=end,
    )
    data = one + end.encode() + one + end.encode() + one
    assert run("a.mbox", data)[1] == data
    seen, copy, _ = run("a.mbox", data, "Zed", "X")
    assert {part for part, _ in seen} == {"message 1", "message 2", "message 3"}
    assert copy.count(b"From MAILER-DAEMON Thu Jan  1 00:00:00 1970" + end.encode()) == 3
    assert copy.count(b"\n>From quoted X") == 3
    path = tmp_path / "a.mbox"
    path.write_bytes(copy)
    with closing(mailbox.mbox(path)) as box:
        assert len(box) == 3


def test_a_text_without_a_suffix_is_mail_where_it_begins_like_one():
    head = mail("Received: by x", "From: a@example.org", "Subject: s", "Date: d", "", "x")
    for name, data, expect in (
        ("a", head, "mail"),
        ("a.txt", head, "plain"),
        ("a", b"From: me\nSubject: you\n\nText", "plain"),
        ("a.txt", b"From a@example.org Fri Mar 14 09:30:00 2014\nSubject: s\n\nx", "mbox"),
    ):
        source = Source(None, name, len(data), name, data)
        assert choose_format(source, ReadOptions()).name == expect


def test_encoded_words_are_short_enough_and_whole():
    words = encoded_words("\u00e4" * 100).split(b" ")
    assert all(len(word) <= 75 for word in words)
