"""The sentences that stand in every report. They say no more than the run can show."""

from __future__ import annotations

from collections.abc import Mapping

from phisweep.report.closing import AttestationRecord, RetentionRecord, SignOffRecord

NO_MODEL = "No model was used: names and places by rules and lists alone."
MODEL = "Names and places by rules, lists and the model {model}."
#: Letters that text and tables can mention but not show; silence about them is not an answer.
UNSEEN = {
    "P": (
        "Not in the formats read: a voice, a print or another biometric can be in the data without"
        " a word that says so."
    ),
    "Q": (
        "Faces were not looked for: one can be in a picture, or be rendered from slices of a head,"
        " without a word that says so. What may show one is held back unless the policy accepts it."
    ),
}
#: Of runs over many files, where a page does not tell of each.
PLACES = (
    "Where something was found, by which rule, and what was done, over all files; under `files` in"
    " run.json each file has its own line, with the numbers of its places and their counts."
)
LISTED = (
    "{n} of {of} files stand here: those that were not read whole, were skipped or have warnings come"
    " first. run.json lists all, a line each."
)
NOT_TOLD = "The figures of {told} stand here; those of {more} more stand in run.json."
NO_RULE = "No rule for this letter was part of the run."
NOTHING_READ = "No file was read."

RESIDUAL_RISK = (
    (
        "Rules, lists and models find most identifiers and not all of them. What no rule reaches is"
        " neither counted nor removed, and this report cannot show it; the known gaps are listed."
    ),
    (
        "Data without the identifiers (A) to (R) can still point to a person: a rare diagnosis, an"
        " unusual sequence of events or a small group, above all beside other data that the recipient"
        " holds or can find."
    ),
    (
        "As long as the vault or the key of a run exists, its codes can be led back to persons. Under"
        " the GDPR such data are pseudonymous, not anonymous."
    ),
)
METHODS = {
    "safe-harbor": (
        "Safe Harbor, 45 CFR 164.514(b)(2), asks that the identifiers (A) to (R) be removed, and that"
        " the covered entity have no actual knowledge that what is left could identify a person."
    ),
    "limited-data-set": (
        "A limited data set, 45 CFR 164.514(e): the data remain protected health information and may"
        " be given away only under a data use agreement."
    ),
    "expert": (
        "Expert determination, 45 CFR 164.514(b)(1): the release rests on the documented"
        " determination of a qualified expert, which this report does not replace."
    ),
}
NO_METHOD = "The policy of the run names no method that this report knows."

ATTESTATION = AttestationRecord(
    citation="45 CFR 164.514(b)(2)(ii)",
    question=(
        "Does the covered entity have actual knowledge that the information could be used, alone or"
        " in combination with other information, to identify an individual who is a subject of it?"
    ),
    prompts=(
        "A revealing occupation, office or public role?",
        "An event that was in the news?",
        "A rare disease, procedure or device, beside a state or the first three digits of a ZIP?",
        "A group so small that its members know each other?",
        "A recipient who is known to hold data that these can be matched with?",
    ),
    answer=None,
    signed_by=None,
    signed_on=None,
)
SIGN_OFF = SignOffRecord(
    fields=("Purpose of the release", "Recipient", "Release model", "Re-assessment due"),
    roles=("Prepared by", "Reviewed by (privacy officer)", "Approved for release by"),
)
RETENTION = RetentionRecord(
    years=6,
    citations=("45 CFR 164.316(b)(2)", "45 CFR 164.530(j)"),
    words=(
        "Keep this report for six years from the day it was made or was last in effect, whichever"
        " is later."
    ),
)
NOTHING_CHANGED = "Nothing was changed: this was a search."
#: What was done to a finding, in the past tense.
DONE = {
    "remove": "removed",
    "generalize": "generalized",
    "replace": "replaced",
    "keep": "kept",
    "review": "left to a person",
}
CUSTODY = (
    "Every step of this report is a line of custody.jsonl: what was done, when, and the SHA-256 of"
    " every file of the report as the step left it. Each line holds the SHA-256 of the line before,"
    " so none can be changed or taken out unseen; phisweep verify checks that. This page was made in"
    " the step after the last one listed."
)
KEPT = (
    "What is left to work with: how much of each column was changed, how its ages and years are"
    " spread, and the time between its dates, in the source (before) and in the copy (after)."
)
FLOOR = (
    "Rows are counted, not persons. No count from 1 to 10 is shown here, nor one that would tell"
    " such a count: <11 is fewer than eleven and at least one, 11+ is eleven or more. The counts of"
    " findings in the other sections have no such floor."
)

#: Who said that something is to be left out of a search.
LEFT_OUT: Mapping[str, str] = {
    "reserved": "kept for examples",
    "path": "the configuration, by path",
    "line": "a mark in its line",
    "allowed": "the list of allowed values",
    "baseline": "the baseline",
}
#: What is wrong with entries of a baseline.
BASELINE: Mapping[str, str] = {
    "stale": "found less often than it says, or not at all; phisweep baseline prune",
    "expired": "past its day; review it again",
    "lapsed": "not used: its file has changed, and the key of the baseline was not given",
}
