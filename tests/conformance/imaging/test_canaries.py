"""An invented value in every place of DICOM that holds text: none is in any byte of what is written."""

import contextlib
import io
import logging
import warnings
from functools import partial

import pytest
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from conformance.imaging import planted_files as files
from conformance.imaging.copies import read
from conformance.imaging.planting import Planter, unpacked
from phisweep.cli import main
from phisweep.formats.imaging.profile import Profile
from phisweep.ruleset.load import load_policy, load_ruleset


def planted(planter, folder, *, whole):
    """Write the files; `whole`: each element at each depth, else at one."""
    new = planter.canaries
    made = {}
    for number in range(len(files.KINDS) if whole else 1):
        name = f"every{number}"
        made[name] = files.everywhere(planter, folder / name, number, name)
    if whole:
        made["sequences"] = files.in_sequences(planter, folder / "s", "sequences")
        made["json"] = files.as_json(planter, folder / "j", "answer")
    for name, syntax in (("private", ExplicitVRLittleEndian), ("unsaid", ImplicitVRLittleEndian)):
        made[name] = files.private(planter, folder / name, name, syntax)
    made["hidden"] = files.hidden(planter, folder / "h", "hidden")
    made["report"] = files.report(planter, folder / "r", "report")
    made["pdf"] = files.encapsulated(
        planter, folder / "d", "pdf", files.pdf(new, "pdf"), "application/pdf", files.PDF
    )
    made["cda"] = files.encapsulated(
        planter, folder / "d", "cda", files.cda(new, "cda"), "text/xml", files.CDA
    )
    made |= files.directory(planter, folder / "dir", "directory")
    named = folder / new.word("name of a folder") / f"{new.word('name of a file')}.dcm"
    planter.name = "named"
    made["named"] = files.written(files.base(planter), named, ExplicitVRLittleEndian)
    return made


class Done:
    """A run over planted files, and what it said."""

    def __init__(self, folder, policy, *, whole):
        options = frozenset(load_policy(policy, load_ruleset()).imaging.options)
        action = partial(acted, Profile.of(options))
        self.planter = Planter(action, dates=policy == "safe-harbor")
        self.whole = whole
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.files = planted(self.planter, folder / "in", whole=whole)
        self.out, said = folder / "out", io.StringIO()
        handler = logging.StreamHandler(said)
        logging.getLogger().addHandler(handler)
        asked = ["--profile", policy, "--engine", "rules", "--jobs", "1", "--records"]
        with (
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
            pytest.raises(SystemExit) as stop,
        ):
            main(["deid", str(folder / "in"), "-o", str(self.out), *asked])
        logging.getLogger().removeHandler(handler)
        self.status, self.said = stop.value.code, said.getvalue()

    def left(self, data):
        return sorted({w for each in unpacked(data) for w in self.planter.canaries.left(each)})


def acted(profile, tag, vr, within):
    return profile.action(tag, vr, sop_class=files.CT, within=within)


@pytest.fixture(scope="module", params=["safe-harbor", "limited-data-set"])
def done(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    return Done(folder, request.param, whole=request.param == "safe-harbor")


def test_the_files_hold_every_canary(done):
    seen = {
        where
        for path in done.files.values()
        for data in (path.read_bytes(), str(path).encode())
        for where in done.left(data)
    }
    assert set(done.planter.canaries.planted.values()) - seen == set()


def test_no_canary_is_in_any_byte_of_what_is_written(done):
    written = [p for p in done.out.rglob("*") if p.is_file()]
    left = {(p.suffix, where) for p in written for where in done.left(p.read_bytes())}
    assert not left, "\n".join(f"{suffix} {where}" for suffix, where in sorted(left))


def test_every_file_has_a_copy(done):
    assert done.status == 0
    copies = [p for p in done.out.rglob("*") if p.is_file() and "phisweep-report" not in p.parts]
    assert len(copies) == len(done.files)


def test_a_directory_leads_to_the_copies_of_its_files(done):
    (copy,) = done.out.rglob("DICOMDIR*")
    records = read(copy).DirectoryRecordSequence
    files_ = [r.ReferencedFileID for r in records if "ReferencedFileID" in r]
    assert len(files_) == 2
    assert all(copy.parent.joinpath(*steps).is_file() for steps in files_)


def test_names_of_other_scripts_are_gone_too(done):
    old = b"".join(p.read_bytes() for p in done.files.values())
    new = b"".join(p.read_bytes() for p in done.out.rglob("*.dcm"))
    for encoding in ("utf-8", "iso2022_jp"):
        names = [
            text.encode(encoding).removeprefix(b"\x1b$B").removesuffix(b"\x1b(B")
            for text in ("山田", "太郎", "たろう")
        ]
        assert all(name in old for name in names) == done.whole
        assert not any(name in new for name in names)


def test_no_canary_is_on_the_terminal_in_a_log_or_in_a_name_of_a_copy(done):
    names = "\n".join(str(p.relative_to(done.out)) for p in done.out.rglob("*"))
    assert done.left(f"{done.said}\n{names}".encode()) == []
