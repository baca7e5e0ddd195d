"""Checks templates: only slots that exist, no identifier written out."""

import re
import sys
from pathlib import Path

PEOPLE = {f"{who}{n}" for who in ("dr", "rel", "oth") for n in ("", "2", "3")} | {"pt", "rn", "rn2"}
FORMS = "full first last nick mr dr cred lf glued fl fi init ini user odd".split()
PLAIN = """city county street road area addr zip hosp clinic snf school church biz employer org pharmacy
payer state st country nation date md my dow month holiday dob range year time dur age old mrn ssn acct
policy acc serial lic npi dea vin plate case id phone fax pager email url ip drug brand dose dx eponym
scale device test lab vital proc sx abbr micro anat spec role relw kinw cred num small room he him his He
His sex job word ward handle alias ext post rare""".split()
SUSPECT = re.compile(
    r"\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b(?:Mr|Mrs|Ms|Dr)\.? [A-Z][a-z]+|\b\d{3}[-.]\d{4}\b|\b(?:January|February|April|June|July|August|"
    r"September|October|November|December) \d"
)


def main() -> int:
    """Print what is wrong in each file; return 1 if anything is."""
    bad = 0
    for name in sys.argv[1:]:
        texts = re.split(r"(?m)^%%[ \t]*\n", Path(name).read_text(encoding="utf-8"))
        texts = [t for t in texts if t.strip()]
        for n, text in enumerate(texts, 1):
            for slot in re.findall(r"\{([^{}\n]*)\}", text):
                who, _, form = slot.partition(".")
                if not (slot in PLAIN or (who in PEOPLE and (not form or form in FORMS))):
                    bad += 1
                    print(f"{name}: template {n}: no such slot {{{slot}}}")
            rest = re.sub(r"\{[^{}\n]*\}", "_", text)
            if "{" in rest or "}" in rest:
                bad += 1
                print(f"{name}: template {n}: a stray brace")
            for found in SUSPECT.findall(rest):
                bad += 1
                print(f"{name}: template {n}: written out? {found}")
        print(f"{name}: {len(texts)} templates")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
