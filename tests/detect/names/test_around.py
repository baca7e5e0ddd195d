"""What in and around a span of the network says that it is no identifier."""

import pytest

from phisweep.detect.names.around import DENIALS, REACH, denied


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("NAME", "told >Quimble< that 5 mg"),
        ("NAME", "called >Vexelby<, RN 1325hrs"),
        ("NAME", "placed by >Zimmer< lot 55"),
        ("NAME", "cleared by >QV< at noon"),
        ("NAME", "vial 11h|RES. >WU< pgr 1-4418"),
        ("ORG", ">Larkwing PD< unit"),
        ("DATE", "seen >4/8< through cousin"),
        ("DATE", "lot 3FA221\n>09.19< call"),
        ("DATE", "seen >4/12< for cough"),
        ("DATE", "back in >Dec< for labs"),
        ("NAME", "called >young< at noon"),
        ("NAME", ">Vexelby<: 12:45 fed her"),
        ("NAME", "07:45 >vex<:slept well"),
        ("PLACE", "lives in >hills< house"),
        ("ID", "prov# >31-7788<\n"),
        ("ID", "badge (#>4471<) cuffs"),
        ("ID", "member >PS/44-7718< now"),
        ("CONTACT", "flag: SPC Noelle >x6613<. 4."),
        ("AGE", "her brother, >91<, who"),
    ],
)
def test_identifiers_are_not_denied(label, text):
    assert _why(label, text) == ""


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("NAME", "std::>cout<"),
        ("ORG", "phisweep, policy >safe-harbor<"),
        ("NAME", "Invalid: ZZ:>ZZ<:ZZ"),
        ("NAME", "gggg:>hhhh<::1234"),
        ("NAME", ">gggg<:hhhh::1234"),
        ("NAME", "abc:>def<:ghi"),
        ("NAME", "abc:def:>ghi<"),
        ("NAME", "::>ffff<:192.0.2.1"),
        ("NAME", ">MAC<: 0a:23:f5:67"),
        ("NAME", ">aa:bb:cc:dd:ee:ff<"),
        ("NAME", "meds: >Exemplar< 20 mg, salt"),
        ("NAME", "pump >Exemplar< MX SN DE4572"),
        ("NAME", "line till >QAS< arrived"),
        ("NAME", ">nino<: PR 123612"),
        ("ORG", "letter to >DMV<. Then"),
        ("ORG", "brought via >pov<\n"),
        ("DATE", "give >10-20< vials?"),
        ("DATE", "joints >14/28< swollen"),
        ("DATE", "gas >7.29/7.35<."),
        ("DATE", "EPDS >9/30<. Then"),
        ("DATE", ">3-4/12< hx of cough"),
        ("DATE", "GI: >Dec< app, no change"),
        ("NAME", "asthma. When >young<, none now"),
        ("PLACE", "walks up >hills< and stairs"),
        ("ID", "GCS 13 (>E3V4M6<)"),
        ("ID", "carrier (>rs4986761<)"),
        ("ID", "with mesh, CPT >49651<."),
        ("ID", "NDC >00781-5607-92<:"),
        ("ID", "CRT-D >G547< SN 471188"),
        ("ID", "down >0200-0300<, use"),
        ("ID", "BS log >140-260<, missed"),
        ("CONTACT", "done >0940-1035<."),
        ("CONTACT", "neg >x72<. Then"),
        ("AGE", "HA, >99<.1, Tylenol"),
        ("AGE", "wt 88 lb (from >97< in Jan)"),
        ("PLACE", "mail is info@>exemplar<."),
    ],
)
def test_what_only_looks_like_an_identifier_is_denied(label, text):
    assert _why(label, text)


def test_every_class_says_why_and_for_which_labels():
    assert all(denial.why and denial.labels for denial in DENIALS)


def _why(label, marked):
    """Ask about what stands between the signs > and <."""
    before, rest = marked.split(">", 1)
    text, after = rest.split("<", 1)
    return denied(label, text, before[-REACH:], after[:REACH])
