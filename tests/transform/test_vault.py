"""A vault: what is drawn once stays for good, and nobody without the key reads a value in it."""

import json
import multiprocessing
import os
import pickle
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from phisweep import marks
from phisweep.errors import ComponentError, UsageError
from phisweep.keys import Key
from phisweep.transform import vault as module
from phisweep.transform.derived import folded
from phisweep.transform.operators import Codes, Context, Seeds, get
from phisweep.transform.vault import Vault, check_apart, rotate
from phisweep.transform.vault import file as files
from phisweep.transform.vault.audit import Asked, Request, record, summary
from phisweep.transform.vault.reidentify import restore

KEY = Key(b"k" * 32, "the key file")
OTHER = Key(b"o" * 32, "the key file")
VALUES = [f"{n:07}" for n in range(20)]
TEXTS = st.text(st.characters(exclude_categories=()), max_size=12)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "site.vault"


@pytest.fixture
def vault(path):
    with Vault.create(path, KEY) as made:
        yield made


def contents(vault):
    return (
        [vault.code("mrn", value) for value in VALUES],
        [vault.seed("name", value, "S1") for value in VALUES[:5]],
        vault.key.secret,
    )


def bytes_of(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


# What is drawn stays


def test_it_does_what_operators_ask_of_codes_and_seeds(vault):
    codes: Codes = vault
    seeds: Seeds = vault
    assert marks.is_code(codes.code("mrn", "1"))
    assert len(seeds.seed("name", "Quillfeather", "S1")) == 32


@settings(max_examples=25, deadline=None)
@given(st.lists(TEXTS, max_size=8), st.randoms())
@example(["-", "--", "", "\ud800", "Ä-1", "ä1"], None)
def test_one_value_has_one_code_in_any_order_after_reopening_and_rotation(values, random):
    shuffled = list(values)
    if random:
        random.shuffle(shuffled)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "v"
        with Vault.create(path, KEY) as vault:
            first = {value: vault.code("mrn", value) for value in values}
            seeds = {value: vault.seed("p", value, value) for value in values}
        rotate(path, KEY, OTHER)
        with Vault.open(path, OTHER) as vault:
            assert {value: vault.code("name", value) for value in shuffled} == first
            assert {value: vault.seed("p", value, value) for value in shuffled} == seeds
            stands_for = [vault.originals(code) for code in first.values()]
    by_folded: dict[bytes, str] = {}
    for value, code in first.items():
        assert by_folded.setdefault(folded(value), code) == code
    assert len(set(by_folded.values())) == len(by_folded)
    for (value, code), (original,) in zip(first.items(), stands_for, strict=True):
        assert folded(original.text) == folded(value), code


def test_one_value_under_two_identifiers_has_one_code_so_that_tables_still_join(vault):
    first = vault.code("other_id", "0012345")
    assert vault.code("mrn", "00-12345") == first


def test_a_drawn_code_that_is_taken_is_drawn_again(vault, monkeypatch):
    drawn = iter(["B" * 10, "B" * 10, "C" * 10])
    monkeypatch.setattr(module, "draw_letters", lambda: next(drawn))
    assert vault.code("mrn", "1") == "[MRN-BBBBBBBBBB]"
    assert vault.code("mrn", "2") == "[MRN-CCCCCCCCCC]"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("p", "Ab-1", "S 1"), ("p", "aB1", "s1"), True),
        (("p", "x", "S1"), ("q", "x", "S1"), False),
        (("p", "x", "S1"), ("p", "y", "S1"), False),
        (("p", "x", "S1"), ("p", "x", "S2"), False),
        (("p", "xs", ""), ("p", "x", "s"), False),
        (("p", "-", ""), ("p", "--", ""), False),
    ],
)
def test_seeds_are_told_apart_by_purpose_value_and_subject(vault, one, other, same):
    assert (vault.seed(*one) == vault.seed(*other)) is same


def test_two_vaults_of_one_key_share_nothing(tmp_path):
    with Vault.create(tmp_path / "a", KEY) as one, Vault.create(tmp_path / "b", KEY) as other:
        assert not {*contents(one)[0]} & {*contents(other)[0]}
        assert one.seed("p", "x", "") != other.seed("p", "x", "")
        assert one.key != other.key


def test_forgetting_what_is_cached_changes_nothing(vault, monkeypatch):
    monkeypatch.setattr(module, "CACHED", 3)
    assert contents(vault) == contents(vault)
    assert len(vault._codes) == len(vault._seeds) == 3


def test_what_runs_derive_comes_from_the_vault_and_not_from_the_users_key(vault, path):
    derived = vault.key
    assert derived.kept
    assert derived.secret != KEY.secret
    vault.close()
    rotate(path, KEY, OTHER)
    with Vault.open(path, OTHER) as again:
        assert again.key == derived
        assert again.user_key_id == OTHER.key_id


# Surrogates


def test_all_originals_of_a_surrogate_come_back(vault):
    vault.remember("name", "Quillfeather", "Marlow")
    vault.remember("name", "Quillfeather", "Marlow")
    vault.remember("name", "Brackenthwaite", "Marlow")
    vault.remember("location", "Nettlecombe", "MARLOW")
    assert [o.text for o in vault.originals("Marlow")] == ["Quillfeather", "Brackenthwaite"] or [
        o.text for o in vault.originals("Marlow")
    ] == ["Brackenthwaite", "Quillfeather"]
    (shouted,) = vault.originals("MARLOW")
    assert (shouted.identifier, shouted.text) == ("location", "Nettlecombe")
    assert len(vault.originals("marlow")) == 3
    assert vault.originals("Thornbury") == ()
    assert vault.originals("[MRN-BBBBBBBBBB]") == ()


def test_surrogates_wait_in_memory_until_a_batch_is_full_or_flushed(vault, path, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 3)

    def stored():
        with closing(sqlite3.connect(path)) as file:
            return file.execute("SELECT count(*) FROM surrogates").fetchone()[0]

    for number in range(4):
        vault.remember("name", f"o{number}", "x")
    assert stored() == 3
    vault.remember("name", "o1", "x")
    vault.flush()
    assert stored() == 4
    vault.remember("name", "o9", "x")
    vault.close()
    assert stored() == 5


def test_what_could_not_be_written_waits_on(vault, monkeypatch):
    vault.remember("name", "Quillfeather", "Marlow")

    def full(*_):
        raise ComponentError("E437", "full")

    with monkeypatch.context() as patched:
        patched.setattr(files.VaultFile, "add", full)
        with pytest.raises(ComponentError):
            vault.flush()
    assert vault.originals("Marlow")[0].text == "Quillfeather"


def test_it_counts_by_identifier(vault):
    vault.code("mrn", "1")
    vault.code("other_id", "2")
    vault.code("mrn", "3")
    vault.remember("name", "a", "b")
    vault.seed("surname", "x", "")
    assert vault.counts() == {
        "codes": Counter(mrn=2, other_id=1),
        "seeds": Counter(surname=1),
        "surrogates": Counter(name=1),
    }


# Processes and threads


def test_a_pickled_copy_and_worker_processes_give_the_same(vault):
    ours = contents(vault)
    vault.remember("name", "Quillfeather", "Marlow")
    copy = pickle.loads(pickle.dumps(vault))  # noqa: S301 - our own
    assert contents(copy) == ours
    assert not copy._waiting
    copy.close()
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        theirs = list(pool.map(vault.code, ["mrn"] * 24, [*VALUES, "a", "b", "a", "b"]))
        seeds = list(pool.map(vault.seed, ["name"] * 5, VALUES[:5], ["S1"] * 5))
    assert theirs[:20] == ours[0]
    assert theirs[20:22] == theirs[22:] == [vault.code("mrn", "a"), vault.code("mrn", "b")]
    assert seeds == ours[1]


WORK = """
import sys
from pathlib import Path
from phisweep.keys import Key
from phisweep.transform.vault import Vault
with Vault(Path(sys.argv[1]), Key(b"k" * 32, "the key file")) as vault:
    for n in range(int(sys.argv[2])):
        print(vault.code("mrn", f"{n:07}"), flush=True)
        vault.remember("name", f"original {sys.argv[3]} {n}", "Marlow")
"""


def worker(path, count, name):
    return subprocess.Popen(
        [sys.executable, "-c", WORK, path, str(count), name],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_at_once_agree_and_lose_nothing(vault, path):
    running = [worker(path, 150, name) for name in ("a", "b", "c")]
    told = [process.communicate(timeout=90)[0].split() for process in running]
    assert all(process.returncode == 0 for process in running)
    assert told[0] == told[1] == told[2]
    assert len(set(told[0])) == 150
    assert len(vault.originals("Marlow")) == 450
    assert [vault.code("mrn", f"{n:07}") for n in range(150)] == told[0]


def test_a_run_that_is_killed_loses_no_code_that_it_was_given(vault, path):
    vault.close()
    with worker(path, 100_000, "a") as process:
        given_out = [process.stdout.readline().strip() for _ in range(30)]
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().splitlines()
    given_out += [line for line in rest if marks.is_code(line)]
    with Vault.open(path, KEY) as again:
        assert [again.code("mrn", f"{n:07}") for n in range(len(given_out))] == given_out


def test_threads_share_one_vault(vault):
    results = []
    threads = [threading.Thread(target=lambda: results.append(contents(vault))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert all(result == results[0] for result in results)


def test_a_forked_process_shares_the_vault_and_leaves_what_waits_to_its_parent(vault):
    ours = contents(vault)
    vault.remember("name", "Quillfeather", "Marlow")
    fork = multiprocessing.get_context("fork")
    queue = fork.SimpleQueue()

    def child():
        queue.put((contents(vault) == ours, len(vault._waiting), vault.code("mrn", "new")))
        vault.close()

    process = fork.Process(target=child)
    process.start()
    process.join(60)
    same, waiting, new = queue.get()
    assert (same, waiting) == (True, 0)
    assert vault.code("mrn", "new") == new
    assert vault.originals("Marlow")[0].text == "Quillfeather"


# What stays secret


SECRETS = ("CANARY-0012345", "Quillfeather", "Zoë Ünlücanary", "Marlowcanary", "S-subject-77")


def test_no_byte_beside_the_key_holds_a_value(vault, path, tmp_path):
    one, two, three, four, subject = SECRETS
    vault.code("mrn", one)
    vault.code("name", three)
    vault.seed("name", two, subject)
    vault.remember("name", two, four)
    vault.flush()
    record(vault, Request("Dr. Officer", "recall of a device"), Asked(1, 1))
    held = bytes_of(tmp_path)
    assert {f"site.vault{end}" for end in ("", "-wal", "-shm", ".audit.jsonl")} == set(held)
    vault.close()
    rotate(path, KEY, OTHER)
    held |= {f"later {name}": data for name, data in bytes_of(tmp_path).items()}
    for secret in (*SECRETS, KEY.secret.hex(), OTHER.secret.hex(), vault_key(path).hex()):
        for text in {secret, folded(secret).decode(), secret.upper()}:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le"):
                there = [name for name, data in held.items() if text.encode(encoding) in data]
                assert not there, encoding
            escaped = json.dumps(text)[1:-1].encode()
            assert not any(escaped in data for data in held.values())
    assert not any(vault_key(path) in data or KEY.secret in data for data in held.values())


def vault_key(path):
    with Vault.open(path, OTHER) as vault:
        return vault.key.secret


def test_neither_identifiers_nor_codes_can_be_read_without_the_key(vault, tmp_path):
    code = vault.code("mrn", "0012345")
    held = b"".join(bytes_of(tmp_path).values())
    assert code.encode() not in held
    assert b"MRN" not in held
    assert b"mrn" not in held


def test_the_files_are_their_owners_alone(vault, tmp_path):
    umask = os.umask(0)
    try:
        vault.code("mrn", "1")
        record(vault, Request("w", "r"), Asked(0, 0))
    finally:
        os.umask(umask)
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


def test_the_length_of_a_cell_tells_little(vault, path):
    for value in ("1", "0012345", "MR 00 12345"):
        vault.code("mrn", value)
    with closing(sqlite3.connect(path)) as file:
        lengths = {row[0] for row in file.execute("SELECT length(cell) FROM codes")}
    assert len(lengths) == 1


def test_one_value_is_sealed_differently_in_each_vault(tmp_path):
    cells = []
    for name in ("a", "b"):
        with Vault.create(tmp_path / name, KEY) as vault:
            vault.code("mrn", "1")
        with closing(sqlite3.connect(tmp_path / name)) as file:
            cells.append(file.execute("SELECT value, written, cell FROM codes").fetchone())
    assert not {*cells[0]} & {*cells[1]}


def test_a_repr_shows_no_value_and_no_secret(vault):
    vault.remember("name", "Quillfeather", "Marlow")
    shown = repr((vault, vault.originals("Marlow"), vault._waiting, vault.key))
    assert "Quillfeather" not in shown
    assert vault.key.secret.hex() not in shown


# Rotation


def test_after_rotation_the_old_key_opens_nothing_and_old_secrets_are_gone(vault, path, tmp_path):
    before = contents(vault)
    vault.remember("name", "Quillfeather", "Marlow")
    record(vault, Request("w", "r"), Asked(0, 0))
    vault.close()
    with closing(sqlite3.connect(path)) as file:
        old = [row[0] for row in file.execute("SELECT cell FROM codes")]
        wrapped = [row[0] for row in file.execute("SELECT value FROM meta WHERE name IN ('root', 'cell')")]  # fmt: skip
    rotate(path, KEY, OTHER)
    with pytest.raises(ComponentError, match="E435") as error:
        Vault.open(path, KEY)
    assert KEY.key_id in str(error.value)
    assert OTHER.key_id in str(error.value)
    held = b"".join(bytes_of(tmp_path).values())
    assert not any(cell in held for cell in old)
    assert not any(text.encode() in held for text in wrapped)
    with Vault.open(path, OTHER) as again:
        assert contents(again) == before
        assert again.originals("Marlow")[0].text == "Quillfeather"
    head = summary(path).head
    assert head.rotated >= head.created


def test_a_rotation_that_dies_leaves_the_vault_as_it_was(vault, path):
    before = contents(vault)
    vault.close()
    fork = multiprocessing.get_context("fork")

    def child():
        files.write_head = lambda *_, **__: os._exit(9)
        rotate(path, KEY, OTHER)

    process = fork.Process(target=child)
    process.start()
    process.join(60)
    assert process.exitcode == 9
    with pytest.raises(ComponentError, match="E435"):
        Vault.open(path, OTHER)
    with Vault.open(path, KEY) as again:
        assert contents(again) == before


@pytest.mark.parametrize(
    "use",
    [
        lambda vault: vault.code("mrn", "1"),
        lambda vault: vault.code("mrn", "2"),
        lambda vault: vault.seed("p", "2", ""),
        lambda vault: (vault.remember("name", "a", "b"), vault.flush()),
    ],
)
def test_who_uses_a_vault_while_it_is_rotated_is_told(vault, path, use):
    vault.code("mrn", "1")
    vault._codes.clear()
    rotate(path, KEY, OTHER)
    with pytest.raises(ComponentError, match="E438"):
        use(vault)
    vault._waiting.clear()
    with Vault.open(path, OTHER) as again:
        assert again.counts() == {"codes": {"mrn": 1}, "seeds": {}, "surrogates": {}}


# What is wrong with it


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """The bytes of a small vault that is in order, and what it holds."""
    path = tmp_path_factory.mktemp("sound") / "v"
    with Vault.create(path, KEY) as vault:
        held = contents(vault)
        vault.remember("name", "Quillfeather", "Marlow")
        record(vault, Request("w", "r"), Asked(3, 2))
        record(vault, Request("w", "r"), Asked(3, 1))
    assert not path.with_name("v-wal").exists()
    return path.read_bytes(), held, summary(path)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_flipped_bit_is_an_error_or_changes_nothing(sound, data):
    good, held, told = sound
    bad = bytearray(good)
    used = [i for i, byte in enumerate(good) if byte or i < 200]
    bad[data.draw(st.sampled_from(used))] ^= 1 << data.draw(st.integers(0, 7))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "v"
        path.write_bytes(bad)
        problem = None
        try:
            with Vault.open(path, KEY) as vault:
                assert contents(vault) == held
                assert vault.originals("Marlow")[0].text == "Quillfeather"
            assert summary(path).audit == told.audit
        except ComponentError as error:
            problem = error
    assert problem is None or problem.code in {"E433", "E434", "E435", "E436", "E437"}
    assert "Quillfeather" not in str(problem)


def test_a_vault_that_was_cut_off_is_damaged_or_none(sound, tmp_path):
    good = sound[0]
    for size in range(0, len(good) - 1, 1021):
        path = tmp_path / str(size)
        path.write_bytes(good[:size])
        with pytest.raises(ComponentError, match=r"E43[34]"):
            Vault.open(path, KEY)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE codes SET cell = (SELECT max(cell) FROM codes)",
        "UPDATE codes SET written = randomblob(32)",
        "UPDATE codes SET cell = 'text'",
        "UPDATE codes SET cell = x'00'",
        "UPDATE codes SET value = hex(value)",
        "UPDATE meta SET value = '2020-01-01' WHERE name = 'created'",
        "UPDATE meta SET value = 'zz' WHERE name = 'root'",
        "UPDATE meta SET value = (SELECT value FROM meta WHERE name = 'cell') WHERE name = 'root'",
        "UPDATE meta SET value = 'Quillfeather' WHERE name = 'key_id'",
        "UPDATE meta SET value = '-1' WHERE name = 'schema'",
        "DELETE FROM meta WHERE name = 'cell'",
        "DROP TABLE meta",
        "DROP TABLE codes",
        "UPDATE audit SET line = replace(line, '\"found\": 2', '\"found\": 0')",
        "UPDATE audit SET line = x'ff'",
        "DELETE FROM audit WHERE number = 1",
    ],
)
def test_a_vault_that_was_edited_is_damaged(sound, tmp_path, change):
    path = tmp_path / "v"
    path.write_bytes(sound[0])
    with closing(sqlite3.connect(path)) as file:
        file.execute(change)
        file.commit()
    with pytest.raises(ComponentError, match="E434") as error:
        Vault.open(path, KEY)
    assert "Quillfeather" not in str(error.value)


def test_a_cell_that_is_damaged_after_it_was_opened_is_told_when_it_is_met(vault, path):
    vault.code("mrn", "1")
    vault._codes.clear()
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE codes SET cell = randomblob(length(cell))")
        file.commit()
    with pytest.raises(ComponentError, match="E434"):
        vault.code("mrn", "1")


def test_a_newer_vault_is_told_whatever_the_key(sound, tmp_path):
    path = tmp_path / "v"
    path.write_bytes(sound[0])
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE meta SET value = '2' WHERE name = 'schema'")
        file.commit()
    for key in (KEY, OTHER):
        with pytest.raises(ComponentError, match="E436"):
            Vault.open(path, key)
    with pytest.raises(ComponentError, match="E436"):
        summary(path)


def test_another_key_is_told_by_both_ids(vault, path):
    with pytest.raises(ComponentError, match="E435") as error:
        Vault.open(path, OTHER)
    assert all(key.key_id in str(error.value) for key in (KEY, OTHER))


@pytest.mark.parametrize("what", ["folder", "text", "empty", "another database"])
def test_what_is_no_vault_is_told_and_left_alone(path, what):
    if what == "folder":
        path.mkdir()
    elif what == "another database":
        with closing(sqlite3.connect(path)) as file:
            file.execute("CREATE TABLE meta (name, value)")
    else:
        path.write_bytes(b"Quillfeather, " * 400 if what == "text" else b"")
    before = None if what == "folder" else path.read_bytes()
    for use in (lambda: Vault.open(path, KEY), lambda: summary(path)):
        with pytest.raises(ComponentError, match="E433") as error:
            use()
        assert "Quillfeather" not in str(error.value)
    assert before is None or path.read_bytes() == before


def test_a_vault_that_is_not_there_is_not_made(path):
    for use in (lambda: Vault.open(path, KEY), lambda: Vault(path, KEY).code("mrn", "1")):
        with pytest.raises(ComponentError, match="E432"):
            use()
    assert not path.exists()


def test_what_is_there_is_never_overwritten(vault, path):
    with pytest.raises(UsageError, match="E140"):
        Vault.create(path, KEY)
    assert Vault.open(path, KEY).key == vault.key


def test_a_vault_in_no_folder_cannot_be_made(tmp_path):
    with pytest.raises(UsageError, match="E140"):
        Vault.create(tmp_path / "missing" / "v", KEY)


def test_a_vault_that_fails_to_be_made_is_not_left_behind(path, monkeypatch):
    monkeypatch.setattr(files, "_TABLES", "nonsense")
    with pytest.raises(ComponentError):
        Vault.create(path, KEY)
    assert not path.exists()


def as_nobody(path):
    """The code of the error that a process without rights meets, in a process of its own."""
    fork = multiprocessing.get_context("fork")
    queue = fork.SimpleQueue()

    def child():
        if os.geteuid() == 0:
            os.setuid(65534)
        try:
            Vault(path, KEY).code("mrn", "new")
            queue.put("none")
        except ComponentError as error:
            queue.put(error.code)

    process = fork.Process(target=child)
    process.start()
    process.join(60)
    return queue.get()


@pytest.mark.parametrize(("mode", "folder_mode"), [(0o444, 0o777), (0o444, 0o555), (0o000, 0o777)])
def test_a_vault_that_cannot_be_written_is_told(mode, folder_mode):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "v"
        Vault.create(path, KEY).close()
        path.chmod(mode)
        Path(folder).chmod(folder_mode)
        assert as_nobody(path) == "E437"
        Path(folder).chmod(0o700)


def test_a_full_disk_is_told_and_what_was_written_stays(vault, path):
    first = vault.code("mrn", "1")
    vault._file._connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(ComponentError, match="E437"):
        [vault.code("mrn", f"more {number}") for number in range(500)]
    vault.close()
    with Vault.open(path, KEY) as again:
        assert again.code("mrn", "1") == first


def test_a_vault_that_another_process_holds_too_long_is_told(vault, path):
    vault.key  # noqa: B018 - opens it
    vault._file._connection.execute("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ComponentError, match="E437"):
            vault.code("mrn", "1")
        other.execute("ROLLBACK")
    assert marks.is_code(vault.code("mrn", "1"))


# Kept apart


@pytest.mark.parametrize(
    ("vault", "key", "out", "refused"),
    [
        ("v/site.vault", "k/site.key", "out", ""),
        ("v/site.vault", None, None, ""),
        ("v/site.vault", "v/site.key", "out", "the key file lies in"),
        ("v/site.vault", "v/../v/site.key", None, "the key file lies in"),
        ("v/site.vault", "link/site.key", None, "the key file lies in"),
        ("out/site.vault", "k/site.key", "out", "the vault lies in OUT"),
        ("out/deep/site.vault", "k/site.key", "out", "the vault lies in OUT"),
        ("out.vault", "k/site.key", "out", ""),
    ],
)
def test_vault_key_and_copies_are_kept_apart(tmp_path, vault, key, out, refused):
    (tmp_path / "v").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "v")
    given_paths = [None if name is None else tmp_path / name for name in (vault, key, out)]
    if not refused:
        check_apart(*given_paths)
        return
    with pytest.raises(UsageError, match="E141") as error:
        check_apart(*given_paths)
    assert refused in str(error.value)


# The audit


def test_the_audit_is_chained_and_needs_no_key_to_be_read(vault, path):
    for number in range(3):
        record(vault, Request("Dr. Officer", "recall"), Asked(number, 0))
    told = summary(path)
    assert [entry["asked"] for entry in told.audit] == [0, 1, 2]
    assert told.head.key_id == KEY.key_id
    lines = path.with_name("site.vault.audit.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == told.audit
    times = [entry["time"] for entry in told.audit]
    assert all(one <= other for one, other in pairwise(times))
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", time) for time in times)


@pytest.mark.parametrize("line", ["x", "[1]", '{"time": 1}', b"\xff"])
def test_an_audit_that_cannot_be_read_is_damage_without_the_key_too(vault, path, line):
    vault.close()
    with closing(sqlite3.connect(path)) as file:
        file.execute("INSERT INTO audit (line, mac) VALUES (?, '')", (line,))
        file.commit()
    with pytest.raises(ComponentError, match="E434"):
        summary(path)


def test_a_copy_of_the_file_is_a_vault(vault, path, tmp_path):
    before = contents(vault)
    vault.close()
    shutil.copy(path, tmp_path / "copy")
    with Vault.open(tmp_path / "copy", KEY) as copy:
        assert contents(copy) == before


def test_what_was_encrypted_under_the_vaults_key_is_restored_too(tmp_path):
    with Vault.create(tmp_path / "v.vault", KEY) as vault:
        code = vault.code("mrn", "0012345")
        mark = get("encrypt")("0099887", Context("mrn", key=vault.key), {})
        other = get("encrypt")("0099887", Context("mrn", key=KEY), {})
        (tmp_path / "in.txt").write_text(f"{code} saw {mark}, not {other}\n", encoding="utf-8")
        request = Request("a tester", "a test")
        seen = restore(vault, request, tmp_path / "in.txt", tmp_path / "out.txt")
    text = (tmp_path / "out.txt").read_text(encoding="utf-8")
    assert text == f"0012345 saw 0099887, not {other}\n"
    assert (seen.asked, seen.found) == (3, 2)
