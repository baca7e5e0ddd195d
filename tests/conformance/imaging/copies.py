"""Files of DICOM de-identified: all of a list in as few runs as keep copies apart."""

import shutil
import warnings
from dataclasses import replace

import pydicom

from phisweep.config import Config
from phisweep.keys import Key
from phisweep.runs.copying import deidentify
from phisweep.runs.settings import Settings, session_of

KEY = Key(b"k" * 32, "the tests")


def settings_of(**options):
    """Return the settings of runs by rules in one process, their session built once."""
    settings = Settings(config=Config(engine="rules", jobs=1, **options), key=KEY)
    return replace(settings, session=session_of(settings))


def copies(paths, folder, settings):
    """
    Yield for each path its outcome, and its copy or None; each lies in a folder of its own.

    Files of one instance would have copies of one name, so they are in runs of their own.
    """
    runs, seen = [], []
    for path in paths:
        uid = str(read(path).get("SOPInstanceUID", ""))
        at = next((i for i, uids in enumerate(seen) if uid not in uids), len(runs))
        if at == len(runs):
            runs.append([])
            seen.append(set())
        runs[at].append(path)
        seen[at].add(uid)
    for number, together in enumerate(runs):
        source, out = folder / f"in{number}", folder / f"out{number}"
        of = {}
        for index, path in enumerate(together):
            target = source / f"{index:03d}" / f"{index:03d}.dcm"
            target.parent.mkdir(parents=True)
            shutil.copy(path, target)
            of[target] = path
        run = deidentify([str(source)], out, settings)
        assert run.verification is not None
        assert run.verification.ok
        for outcome in run.outcomes:
            path = of[outcome.source.path]
            yield path, outcome, out / outcome.output if outcome.output else None


def read(path):
    """Return a file as pydicom reads it, whatever it says of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = pydicom.dcmread(path, force=True)
        found.decode()
    return found
