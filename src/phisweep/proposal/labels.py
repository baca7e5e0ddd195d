"""Words in the names of columns and keys that say what stands under them; names are normal ones."""

from __future__ import annotations

import re
from collections.abc import Callable


def _named(words: str) -> Callable[[str], bool]:
    """Return a test for names of which one of these words is a part."""
    search = re.compile(rf"(?:^|_)(?:{words})\d*(?:_|$)").search
    return lambda name: bool(search(name))


ID = re.compile(
    r"(?:^|_)(?:id|ids|uid|uuid|guid|key|no|num|nbr|sk|pk|fk|ref|reference|identifier|accession"
    r"|barcode|identifier_value)$|[a-z]{3}(?:id|uid|guid)$"
).search
PEOPLE = _named(
    r"sex|gender|sexual_orientation|race|races|racial|ethnic|ethnicity|ethnic_group|ancestry|tribe"
    r"|hispanic|language|languages|lang|religion|faith|marital|marital_status|civil_status"
    r"|occupation|profession|job|job_title|employment|employment_status|industry|nationality"
    r"|citizenship|birth_country|country_of_birth|birth_sex|education|income|veteran"
    r"|military|military_service|disability|housing|housing_status|household|household_size|homeless"
    r"|number_of_children|children|birth_order|multiple_birth|gender_identity|pronouns"
)
LAND = _named(r"state|states|province|country|countries|continent|state_headquartered")
CLINICAL = _named(
    r"diag|diagnosis|diagnoses|dx|condition|conditions|problem|problems|procedure|procedures|proc"
    r"|medication|medications|med|meds|drug|drugs|rx|dose|dosage|route|frequency|allergy|allergies"
    r"|allergen|reaction|symptom|symptoms|finding|findings|lab|labs|test|tests|assay|analyte|result"
    r"|results|specimen|organism|vaccine|immunization|immunisation|severity|stage|grade|department"
    r"|service|service_line|specialty|speciality|triage|acuity|discharge_disposition|outcome"
    r"|reason_description|reasondescription|indication|comorbidity|histology|morphology|body_site"
    r"|bodysite|laterality|modality|encounterclass|encounter_class|smoking|smoker|tobacco|alcohol"
    r"|blood_type|blood_group|description"
)
CODES = _named(
    r"code|codes|coding|concept|loinc|icd|icd9|icd10|snomed|cpt|ndc|rxnorm|hcpcs|drg|atc|version"
    r"|gene|variant|unit|units|uom|sop|system|vocabulary|reasoncode|procedurecode|profile"
    r"|resource_type"
)
KINDS = _named(
    r"type|status|class|category|flag|priority|kind|level|intent|mode|method|role|use|format|state"
    r"|rank|group|arm|cohort|url|yn|is|has|modifier|unit|units"
)
AMOUNTS = _named(
    r"count|amount|cost|costs|charge|charges|price|total|usd|payment|payments|balance|revenue"
    r"|weight|height|bmi|rate|score|quantity|qty|coverage|expenses|days|hours|minutes|seconds|years"
    r"|months|percent|pct|ratio|volume|dose|size|length|width|hgb|wbc|platelets|utilization|outstanding"
    r"|adjustments|transfers|units|dispenses"
)
