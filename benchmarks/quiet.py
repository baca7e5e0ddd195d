"""
Measure how quiet the gate is: false findings in source code and in coded tables, and what it finds.

    python benchmarks/quiet.py code FOLDER      findings per 1,000 files of source code in a folder
    python benchmarks/quiet.py coded            findings per 10,000 cells of codes and measurements
    python benchmarks/quiet.py plants           the share of invented identifiers that are found

Each writes or copies what it needs into a temporary folder, runs `phisweep scan --engine rules` over it and
counts findings of medium severity and above. What is found in a folder of published source code is
taken for false; `--show` prints rule, place and shape of each.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from phisweep.formats.choose import by_suffix

HERE = Path(__file__).parent
COUNTED = ("critical", "high", "medium")


def findings(folder: Path, specimens: str = "allow") -> list[dict]:
    with tempfile.TemporaryDirectory() as kept:
        out = Path(kept, "out.jsonl")
        command = [sys.executable, "-m", "phisweep", "scan", ".", "--engine", "rules"]
        command += ["--fail-on", "none", "-o", f"jsonl:{out}", "--specimens", specimens]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if not out.exists():
            raise SystemExit(done.stderr)
        if "INCOMPLETE" in done.stderr:  # silence about what was not read is no evidence
            print(done.stderr.strip().splitlines()[-1])
        told = [json.loads(line) for line in out.read_text().splitlines()]
    return [each for each in told if each.get("severity") in COUNTED]


def table(rules: Counter[str]) -> None:
    for rule, times in rules.most_common():
        print(f"  {times:6}  {rule}")


def code(folder: Path, *, show: bool) -> None:
    """Print the findings per 1,000 files of source code, symbolic links and binary files left out."""
    with tempfile.TemporaryDirectory() as kept:
        count = 0
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or not path.is_file() or "__pycache__" in path.parts:
                continue
            format_ = by_suffix(path.name)
            if format_ is not None and format_.name == "code" and b"\0" not in path.read_bytes():
                count += 1
                place = Path(kept, f"d{count}")
                place.mkdir()
                shutil.copy(path, place / path.name)
        told = findings(Path(kept))
    print(f"{count} files, {len(told)} findings: {1000 * len(told) / max(count, 1):.2f} per 1,000")
    table(Counter(each["rule"] for each in told))
    if show:
        for each in told:
            print(each["path"], each["line"], each["rule"], each["shape"])


def plants(*, show: bool) -> None:
    """Print the share of planted identifiers that a finding touches, and those that none does."""
    spec = importlib.util.spec_from_file_location("plants", HERE / "plants" / "plants.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with tempfile.TemporaryDirectory() as kept:
        for number, (suffix, text, _) in enumerate(module.PLANTS):
            Path(kept, f"{number:03}.{suffix}").write_text(text, encoding="utf-8")
        told = findings(Path(kept), "find")
    all_of, found = Counter(), Counter()
    for number, (suffix, text, expected) in enumerate(module.PLANTS):
        here = [each for each in told if each["path"] == f"{number:03}.{suffix}"]
        for each in expected:
            letter, _, value = each.partition(":")
            start = text.index(value)
            end = start + len(value)
            all_of[letter] += 1
            hit = any(f["start"] < end and start < f["end"] for f in here)
            found[letter] += hit
            if not hit:
                print(f"  missed: {number:03}.{suffix} {each}")
        if show:
            print(number, [text[f["start"] : f["end"]] for f in here])
    print(f"{found.total()} of {all_of.total()} identifiers in {len(module.PLANTS)} files")
    print("  " + ", ".join(f"{k} {found[k]}/{all_of[k]}" for k in sorted(all_of)))


def _icd10(r: random.Random) -> str:
    tail = r.choice(
        ["", f".{r.randrange(10)}", f".{r.randrange(100):02}", f".{r.randrange(1000):03}"]
    )
    last = f".{r.randrange(100):02}{r.choice('X0129')}{r.choice('ADS')}"
    return (
        r.choice("ABCDEFGHIJKLMNOPQRSTVWXYZ")
        + f"{r.randrange(100):02}"
        + r.choice([tail, tail, last])
    )


def _ndc(r: random.Random) -> str:
    return f"{r.randrange(100000):05}-{r.randrange(10000):04}-{r.randrange(100):02}"


def _loinc(r: random.Random) -> str:
    return f"{r.randrange(100, 99999)}-{r.randrange(10)}"


def _dose(r: random.Random) -> str:
    amount = r.choice([0.5, 1, 2, 2.5, 5, 10, 12.5, 20, 25, 40, 50, 81, 100, 250, 325, 500, 1000])
    unit = r.choice(["mg", "mcg", "mg/kg", "mL", "units", "g", "mEq", "mg/m2", "mcg/kg/min", "IU"])
    return f"{amount:g} {unit}" + r.choice(
        ["", "", " PO daily", " BID", " q8h", " IV", " PRN", " x 7 d"]
    )


#: A column's telling names, and how a cell of it comes about.
COLUMNS = {
    ("icd10", "icd10_code", "dx_code", "diagnosis_code", "icd_code"): _icd10,
    ("icd9", "icd9_code"): lambda r: f"{r.randrange(1, 1000):03}.{r.randrange(100):02}",
    ("icd10_pcs", "procedure_code"): lambda r: "0" + "".join(r.choices("0123456789BCDFGHJKLNPQSTVWXYZ", k=6)),
    ("cpt", "cpt_code"): lambda r: f"{r.randrange(100, 99608):05}",
    ("hcpcs", "hcpcs_code"): lambda r: r.choice("AEGJKLQSV") + f"{r.randrange(10000):04}",
    ("cpt_modifier", "modifier"): lambda r: r.choice(["25", "59", "LT", "RT", "TC", "26", "XS", "GT"]),
    ("loinc", "loinc_num", "loinc_code"): _loinc,
    ("snomed", "snomed_code", "concept_code"): lambda r: f"{r.randrange(10**6, 10**9)}{r.choice(['003', '001', '009', '7', '005'])}",
    ("ndc", "ndc_code"): _ndc,
    ("ndc11", "ndc_11"): lambda r: f"{r.randrange(10**11):011}",
    ("rxnorm", "rxcui", "rxnorm_code"): lambda r: f"{r.randrange(161, 2_600_000)}",
    ("atc", "atc_code"): lambda r: r.choice("ABCDGHJLMNPRSV") + f"{r.randrange(1, 17):02}" + "".join(r.choices("ABCDEX", k=2)) + f"{r.randrange(1, 60):02}",
    ("drg", "ms_drg"): lambda r: f"{r.randrange(1, 999):03}",
    ("revenue_code", "rev_code"): lambda r: f"0{r.randrange(100, 1000)}",
    ("pos", "place_of_service_code"): lambda r: r.choice(["11", "12", "21", "22", "23", "31", "81"]),
    ("value", "result", "result_value"): lambda r: r.choice([f"{r.uniform(0, 20):.1f}", f"{r.uniform(50, 400):.0f}", f"<{r.uniform(0, 2):.2f}", f"{r.uniform(0, 9):.2f}", f"{r.randrange(10**5, 10**6)}"]),
    ("unit", "units", "uom"): lambda r: r.choice(["mg/dL", "mmol/L", "10*3/uL", "g/dL", "%", "U/L", "ng/mL", "mEq/L", "fL", "pg", "mm[Hg]", "/min", "Cel", "kg/m2", "copies/mL"]),
    ("reference_range", "ref_range"): lambda r: f"{r.uniform(0, 50):.1f}-{r.uniform(50, 150):.1f}",
    ("flag", "abnormal_flag"): lambda r: r.choice(["", "H", "L", "N", "HH", "A", "LL"]),
    ("dose", "sig", "dosage"): _dose,
    ("strength",): lambda r: f"{r.choice([5, 10, 20, 25, 50, 100])} MG",
    ("route",): lambda r: r.choice(["PO", "IV", "IM", "SC", "INH", "TOP", "PR"]),
    ("bp", "blood_pressure"): lambda r: f"{r.randrange(80, 200)}/{r.randrange(40, 110)}",
    ("heart_rate", "pulse", "hr"): lambda r: str(r.randrange(40, 160)),
    ("temp_c", "temperature"): lambda r: f"{r.uniform(35, 40.5):.1f}",
    ("temp_f",): lambda r: f"{r.uniform(95, 105):.1f}",
    ("spo2", "o2_sat"): lambda r: f"{r.randrange(80, 101)}%",
    ("resp_rate", "rr"): lambda r: str(r.randrange(8, 40)),
    ("weight_kg", "weight"): lambda r: f"{r.uniform(2.5, 180):.1f}",
    ("height_cm",): lambda r: f"{r.uniform(45, 205):.0f}",
    ("bmi",): lambda r: f"{r.uniform(13, 60):.2f}",
    ("egfr",): lambda r: r.choice([str(r.randrange(5, 120)), ">60", ">90"]),
    ("quantity", "qty", "days_supply"): lambda r: r.choice(["30", "60", "90", "120", "7", "14"]),
    ("platelets", "wbc_count"): lambda r: str(r.randrange(1000, 900000)),
    ("concept_id", "measurement_concept_id", "drug_concept_id"): lambda r: str(r.randrange(10**6, 46 * 10**6)),
    ("charge", "paid_amount"): lambda r: f"{r.uniform(1, 40000):.2f}",
    ("gcs", "pain_score", "apgar"): lambda r: r.choice([str(r.randrange(3, 16)), f"{r.randrange(11)}/10", "8/9"]),
    ("titer",): lambda r: f"1:{2 ** r.randrange(1, 12) * 10}",
    ("code_display", "diagnosis", "test_name"): lambda r: r.choice(["Essential (primary) hypertension", "Type 2 diabetes mellitus without complications", "Hemoglobin A1c/Hemoglobin.total in Blood", "Crohn's disease of colon", "Parkinson's disease", "Body mass index 30.0-30.9, adult", "Glucose [Mass/volume] in Serum or Plasma", "Bell's palsy", "Office visit, established, 20-29 minutes", "Hodgkin lymphoma, unspecified", "Influenza vaccine, quadrivalent"]),
    ("drug", "medication", "drug_name"): lambda r: r.choice(["Lisinopril 10 MG Oral Tablet", "metformin hydrochloride 500 MG", "Amoxicillin 250 MG / Clavulanate 125 MG", "insulin glargine 100 UNT/ML", "warfarin sodium 5 MG", "Vitamin D3 1000 UNT", "acetaminophen 325 MG / hydrocodone 5 MG"]),
}  # fmt: skip


def coded(rows: int, *, show: bool) -> None:
    """Print the findings per 10,000 cells, in CSV with and without telling headers and in JSON."""
    r = random.Random(20261122)
    makers = list(COLUMNS.items())
    cells = Counter()
    with tempfile.TemporaryDirectory() as kept:
        for number in range(16):
            chosen = r.sample(makers, 12)
            bare = number % 4 == 3
            names = [f"c{i}" if bare else r.choice(told) for i, (told, _) in enumerate(chosen)]
            lines = [[make(r) for _, make in chosen] for _ in range(rows)]
            kind = "json" if number % 4 == 2 else "csv"
            what = "bare" if bare else kind
            path = Path(kept, f"{what}_{number:02}.{kind}")
            with path.open("w", encoding="utf-8", newline="") as out:
                if kind == "json":
                    json.dump(
                        [dict(zip(names, line, strict=True)) for line in lines], out, indent=1
                    )
                else:
                    csv.writer(out).writerows([names, *lines])
            cells[what] += rows * len(names)
        told = findings(Path(kept))
    for what, count in cells.items():
        mine = [each for each in told if each["path"].startswith(what)]
        print(
            f"{what}: {count} cells, {len(mine)} findings: {10000 * len(mine) / count:.2f} per 10,000"
        )
        table(Counter(each["rule"] for each in mine))
    if show:
        seen = Counter()
        for each in told:
            seen[each["rule"], each["path"], each["shape"]] += 1
        for each, times in seen.most_common(60):
            print(times, *each)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("what", choices=("code", "coded", "plants"))
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--show", action="store_true")
    parser.add_argument(
        "--rows", type=int, default=1_500, help="of each of 16 tables of 12 columns"
    )
    asked = parser.parse_args()
    if asked.what == "code":
        code(asked.folder or Path(), show=asked.show)
    elif asked.what == "plants":
        plants(show=asked.show)
    else:
        coded(asked.rows, show=asked.show)


if __name__ == "__main__":
    main()
