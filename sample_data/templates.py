"""
The texts of the invented hospital, with every identifier marked where it stands.

`{{name|$first $last}}` is the name of the patient and a finding; `$first` is filled from the
patient and the encounter (`generate.fields`), and what stands outside the marks is no identifier:
eponyms, scores, vital signs, doses, laboratory values, years, states and ages under ninety are
here to be left alone. A mark whose text is an age under ninety, or a year that makes nobody
ninety, is no finding (`marks.counts`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

DISCHARGE_SUMMARY = """\
{{location|ST. ELOWEN REGIONAL MEDICAL CENTER}}
DISCHARGE SUMMARY

Patient: {{name|$last, $first}}          MRN: {{mrn|$mrn}}
DOB: {{date|$born_us}}   Age: {{age|$age}}   Sex: $sex
Admitted: {{date|$admit_us}}   Discharged: {{date|$discharge_us}}
Attending: {{name|$attending}}, MD        Account #: {{account|$account}}

HOSPITAL COURSE
$title {{name|$last}} was admitted on {{date|$admit_long}} with a COPD exacerbation. Temp 101.2 F, BP 148/92, HR 104,
RR 22, SpO2 91 % on 2 L. Strength 5/5 throughout, a 3/6 systolic murmur at the left sternal border. Foley placed on
hospital day 2 and removed on hospital day 3. History of Parkinson disease and of Barrett esophagus, both stable since 2019.
Hgb 9.8 g/dL, WBC 14.2, creatinine 1.1, A1c 7.2 %. Blood cultures of {{date|$admit_md}} grew nothing at 5 days.
The patient's $relation, {{name|$relative}}, was told by telephone at {{phone|$phone}}.

DISCHARGE MEDICATIONS
1. Prednisone 40 mg PO daily x 5 days
2. Carbidopa-levodopa 25/100, 1/2 tab q6h
3. Albuterol 90 mcg, 2 puffs q4-6h prn

FOLLOW-UP
Dr. {{name|$provider_last}} in 2 weeks ({{date|$followup_us}}), call {{phone|603-555-0142 ext. 12}}, fax {{fax|603-555-0143}}.
Condition at discharge: good. Pain 2/10. Full code.

Electronically signed by {{name|$attending}}, MD, {{date|$discharge_iso}} 14:32
"""

ED_NOTE = """\
ed note {{date|$admit_md}} 0312  rm {{location|4b}}
pt {{name|$first_lower $last_lower}} {{age|$age}} yo $sex_lower mrn {{mrn|$mrn}} bib $relation {{name|$relative_lower}} ({{phone|$phone_bare}})
cc: abd pain x3 days, 8/10, n/v x2. seen here {{date|last tuesday}} for same, d/c'd w/ zofran 4mg
pmh crohn's dz, graves dz tx'd 2016, nkda. lmp n/a. lives alone in {{location|$city_lower}}
vs 99.1 118 102/60 18 97% ra  gcs 15
abd soft, ttp rlq, neg murphy's, neg rovsing's. no cva ttp. 5/5 str bue ble. cn 2-12 intact
labs wbc 13.1 hgb 11.4 plt 288 na 138 k 3.9 lip 22 lactate 1.2 ua 2-3 wbc/hpf
ct a/p: ileal thickening, no abscess. d/w gi dr {{name|$consultant_lower}} 0415, admit to {{location|6 west}} overflow if no bed
ivf 1l ns, morphine 4 mg iv x1, reassess 10/10 -> 3/10
may need steroids in am. dispo obs. {{name|$nurse_lower}} rn aware
"""

RADIOLOGY = """\
EXAM: MRI LUMBAR SPINE WITHOUT CONTRAST
PATIENT: {{name|$last_upper, $first_upper}}   ACCESSION: {{other_id|RAD-$number-0417}}   MRN: {{mrn|$mrn}}
EXAM DATE: {{date|$admit_dmy}}   REFERRING: {{name|$provider_upper}}

INDICATION: Radiculopathy L4-5. Compare with the study of {{date|$earlier_my}}.
TECHNIQUE: 1.5 T; sagittal T1, T2 and STIR; axial T2. Slice thickness 4 mm.

FINDINGS
L3-4: Normal. L4-5: A 6 x 4 x 9 mm left paracentral protrusion touches the traversing L5 root. L5-S1: Schmorl node, Modic type 2
change, Meyerding grade 1 (5 mm). Conus ends at L1-2. No Tarlov cyst. Baker cyst not assessed.
Measured angles: 12.4, 33 and 47 degrees. Ratio 1:2.

IMPRESSION
1. L4-5 protrusion, ICD-10 M51.26. 2. Follow-up in 6-8 weeks. BI-RADS not applicable.

Dictated by {{name|$attending}}, MD at 09:14. Read in {{location|Reading Room 2 East}}. Images: {{url|https://pacs.example.org/study?mrn=$mrn}}
"""

OPERATIVE = """\
OPERATIVE REPORT

NAME: {{name|$first $last}}      MRN: {{mrn|$mrn}}      DATE OF OPERATION: {{date|$admit_long}}
SURGEON: {{name|$attending}}, MD (NPI {{license|1234567893}})     ASSISTANT: {{name|$nurse}}, PA-C
ANESTHESIA: General, ASA 3/6 class III, Mallampati II     LOCATION: {{location|OR 7}}

PREOPERATIVE DIAGNOSIS: Sick sinus syndrome; Wolff-Parkinson-White pattern excluded.
PROCEDURE: Dual-chamber pacemaker, left side.

IMPLANTS
Generator serial no. {{device|ZZX-000417-P}}, UDI (01)00614141999996{{device|(17)280630(10)ZL0417(21)ZX41700P}}
Atrial lead SN {{device|LZ0009981}}, 52 cm; ventricular lead SN {{device|LZ0009982}}, 58 cm. Lot of the cement: not used.

DESCRIPTION
Time out at 07:41. In Trendelenburg position the left subclavian vein was entered by Seldinger technique. P wave 3.2 mV, R wave 11.4 mV,
thresholds 0.5 V at 0.4 ms. Impedance 512 ohms. 2-0 Vicryl and 4-0 Monocryl. Blood loss 20 mL. Counts correct x2.
$title {{name|$last}} left the room in good condition; the $relation, {{name|$relative}}, was informed. POD#1: device check, then home.
Insurer: {{health_plan|$member}}, authorization {{other_id|AUTH-99$number}}.
"""

NURSING = """\
NURSING FLOWSHEET NOTE
{{date|$admit_short}} 0700-1900   Unit {{location|MICU-7 bed 12}}   RN {{name|$nurse}}

0715  Report from {{name|$consultant}}, RN. Pt {{name|$last}} alert, oriented x3. Braden 17, Morse 45. Foley to gravity, 45 mL/h.
0800  T 36.8  HR 88  BP 120/80  RR 16  SpO2 98 % RA. Pain 0/10. Glucose 142, lispro 2 units.
1000  Turned q2h. Kerlix to left heel changed, wound 2 x 3 cm, 10 % slough. Homan's sign negative.
1130  $relation_title {{name|$relative}} at bedside, asks for a call before {{date|Thanksgiving}}: {{phone|$phone}}.
1300  Ambulated 40 feet with walker, gait belt, assist x1. Romberg deferred.
1445  Dr {{name|$attending_last}} aware of K 3.2, KCl 40 mEq given. EKG rate 82, QTc 441.
1600  Wristband and blood unit {{other_id|W0000 26 041799}} checked by two nurses before transfusion. 1 of 2 units.
1830  Rose bengal stain booked for the eye clinic; April showers poster hung by volunteer. Will march in place with PT tomorrow.
"""

LETTER = """\
{{location|Quillhaven Family Practice}}
{{location|300 Candlewick Ave}}
{{location|Quillhaven}}, MA {{zip|02139}}
Tel. {{phone|(617) 555-0119}}   Fax {{fax|(617) 555-0120}}   {{email|frontdesk@example.org}}

{{date|$admit_long}}

{{name|$consultant}}, MD
Neurology, {{location|St. Elowen Regional Medical Center}}

RE: {{name|$first $last}}, born {{date|$born_long}}, {{location|$street}}, {{location|$city}}, $state {{zip|$zip}}

Dear Dr. {{name|$consultant_last}},

Thank you for seeing {{name|$first}}, a {{age|$age}}-year-old retired schoolteacher with tremor of the right hand since 2022. There is cogwheeling,
Myerson sign is positive, Hoehn and Yahr stage 2, MMSE 28/30. Romberg and Babinski are negative. Vision 20/40 right, 20/20 left. Mother
had Huntington disease and died at {{age|$parent_age}}. MRI of {{date|$earlier_my}} showed nothing. Takes ropinirole 0.25 mg tid, vitamin B12 and 1/2 aspirin.

{{name|$first}}'s $relation, {{name|$relative}}, drives from {{location|$city}} and may be reached at {{phone|$phone}} or {{email|$email}}.

With kind regards,
{{name|$provider}}, DO
NPI {{license|1234567893}}   DEA {{license|AB1234563}}
"""

INTAKE = """\
NEW PATIENT INTAKE FORM                                   (please print)

Last name: {{name|$last}}
First name: {{name|$first}}       Preferred: {{name|$nickname}}
Date of birth: {{date|$born_us}}  Sex: $sex
SSN: {{ssn|$ssn}}     Driver's license: {{license|S99988801}} ($state)
Address: {{location|$street}}
City: {{location|$city}}   State: $state   ZIP: {{zip|$zip}}
Home phone: {{phone|$phone}}   E-mail: {{email|$email}}
Employer: self-employed   Work phone: {{phone|603-555-0177}}
Insurance: Medicaid   Member ID: {{health_plan|$member}}   Group no.: {{health_plan|GRP-00417}}
Emergency contact: {{name|$relative}} ($relation)   Phone: {{phone|603-555-0188}}
Vehicle for parking permit: plate {{vehicle|ZZZ 0417}}, VIN {{vehicle|1M8GDM9AXKP042788}}
How did you hear about us? Web page of the library
Portal user name: {{other_id|$nickname_lower$number}}

Do you have: [x] Graves disease  [ ] Crohn disease  [x] Raynaud phenomenon  [ ] Lyme disease
Alcohol: 2-3 drinks/week   Tobacco: 10 pack-years, quit 2011   Allergies: penicillin (hives)
Height 5'6"  Weight 148 lb  Shots: Tdap 2021, shingles 2/2
Signature: {{name|$first $last}}   Date: {{date|$admit_us}}
"""

PATHOLOGY = """\
SURGICAL PATHOLOGY REPORT                                 Case {{other_id|S26-04$number}}

Patient {{name|$last_upper, $first_upper}} / {{mrn|$mrn}} / born {{date|$born_iso}}
Collected {{date|$admit_iso}}   Received {{date|$admit_iso}} 16:20   Reported {{date|$discharge_iso}}
Submitting physician: {{name|$provider}}, MD

GROSS
Container A, labelled "{{name|$last}} - polyp", holds a 1.2 x 0.8 x 0.5 cm fragment, in toto in A1-A3. Container B, a 3.4 cm ellipse, inked: 12 o'clock blue.

MICROSCOPIC
Tubular adenoma without high-grade dysplasia. Ki-67 8 %, CD20 and CD3 show a mixed population, CD4/8 ratio 1.4. Reed-Sternberg cells are absent. Stage pT1 N0,
Gleason does not apply, Breslow 0.4 mm, Clark level II, mitoses 2-3 /10 hpf. HLA-B*15:02 not tested. Warthin-Starry stain: no organisms.

SNOMED 68453008, ICD-10 D12.6, CPT 88305 x2. Trial NCT00000000 does not apply.
Signed by {{name|$attending}}, MD, {{date|$discharge_long}}. Slides kept in {{location|Tower 4 East, Rm 402B}}.
"""

TELEHEALTH = """\
TELEHEALTH SOCIAL WORK NOTE

Visit CSN {{other_id|$number-88102}} by video on {{date|$admit_weekday}}, {{date|$admit_us}}, 35 min. Client joined from {{ip|192.0.2.41}}; link {{url|https://visits.example.com/join/$number?pt=$mrn}}
Present: {{name|$first $last}}, $relation {{name|$relative}}; writer {{name|$nurse}}, LCSW.

{{name|$first}} has PHQ-9 11/27 and GAD-7 9/21, down from 14. Denies SI. Sleeps 5-6 h. Rent is 2 months late; the hearing at {{location|Harrow Falls District Court}} is on {{date|$followup_md}}.
Posts as {{other_id|@${nickname_lower}_$number}} in a support group. Works night shifts since 2023, 40 h a week at $$17.50. Uses version 3.4.2 of the app.
Lives at {{location|$street}}, {{location|$city}}, $state {{zip|$zip}}; moved from Ohio in {{date|$earlier_my}}.
Goals: (1) heating aid form, 24 pages, (2) transport, 3 rides a month, (3) call {{name|$provider_last}}'s office at {{phone|802-555-0101}}.
Voice message left {{date|$admit_us}}, call-back window 10:30-11:45. Fingerprint on file at the bank: {{biometric|fingerprint template FP-$number}}.
Next visit in 2 weeks. The May-Thurner follow-up with vascular is not affected; may need 12/24 weeks of it.
"""

GERIATRICS = """\
GERIATRIC CONSULTATION

{{name|$first $last}} is a {{age|$age}}-year-old from {{location|Gullwing Manor}}, {{location|Gullwing Harbor}}, Maine, seen {{date|$admit_iso}} with the $relation.
Born in {{date|$born_year}}; widowed in 1998 after 40 years of marriage; served in the Navy, 4 years.
$title {{name|$last}} was last seen {{date|the Monday after Easter}}. MoCA 21/30, Katz 4/6, Tinetti 19/28, grip 18 kg. Gait 0.6 m/s. BMI 22.4. Charlson index 5.
BP 128/70 lying, 104/62 standing, pulse 64-80. Kyphosis; Heberden nodes; Dupuytren contracture on the left. Alzheimer disease is likely; Lewy bodies are not.
eGFR 38, TSH 2.4, B12 412, vitamin D 29, Na 133, albumin 3.4. ECG: PR 210 ms.
The brother reached {{age|$parent_age}}, the sister is 84. Proxy: {{name|$relative}}, {{phone|$phone}}. POLST filed 2024.
Plan: stop oxybutynin 5 mg; donepezil 5 mg at night; hip films {{date|$followup_us}}; 1 800 mL fluids; weigh every 7 days x 90 days.
{{name|$consultant}}, MD
"""

#: file name under notes/ -> the least age in years that the text suits, and its template
NOTES: Mapping[str, tuple[int, str]] = {
    "discharge_summary.txt": (50, DISCHARGE_SUMMARY),
    "ed_note.txt": (18, ED_NOTE),
    "geriatric_consultation.txt": (90, GERIATRICS),
    "intake_form.txt": (18, INTAKE),
    "nursing_flowsheet.txt": (40, NURSING),
    "operative_report.txt": (50, OPERATIVE),
    "pathology_report.txt": (18, PATHOLOGY),
    "radiology_report.txt": (18, RADIOLOGY),
    "referral_letter.txt": (55, LETTER),
    "telehealth_social_work.txt": (18, TELEHEALTH),
}

#: least and greatest age in years; department, ICD-10 code, diagnosis and note of an encounter
ENCOUNTERS: Sequence[tuple[int, int, str, str, str, str]] = (
    (
        40,
        120,
        "Cardiology",
        "I48.91",
        "Atrial fibrillation, unspecified",
        "Seen by Dr. {{name|$attending_last}} on {{date|$admit_us}}. Rate 112, BP 132/84, 3/6 murmur. Apixaban 5 mg bid. EF 55 %.",
    ),
    (
        50,
        120,
        "Neurology",
        "G20",
        "Parkinson disease",
        "{{age|$age}} yo, Hoehn-Yahr 2, strength 5/5, MMSE 27/30. $relation_title {{name|$relative}} calls from {{phone|$phone}}.",
    ),
    (
        16,
        80,
        "Gastroenterology",
        "K50.00",
        "Crohn disease of small intestine",
        "CRP 14, Hgb as listed, calprotectin 410. Next infusion {{date|$followup_us}}, weight 61.5 kg.",
    ),
    (
        18,
        120,
        "Endocrinology",
        "E05.00",
        "Graves disease",
        'TSH 0.02, free T4 3.1; methimazole 10 mg, 1/2 tab in the evening. "Feels hot", says $title {{name|$last}}.',
    ),
    (
        10,
        120,
        "Emergency",
        "S93.401A",
        "Sprain of right ankle",
        "fell on ice {{date|$admit_md}}, ottawa neg, rice, f/u pcp {{name|$provider_last_lower}} prn. pain 4/10. no loc",
    ),
    (
        40,
        120,
        "Ophthalmology",
        "H40.11",
        "Primary open-angle glaucoma",
        "IOP 24/22, cup-disc 0.7, vision 20/40 and 20/20. Goes by {{name|$nickname}}.\n$relation_title {{name|$relative}} present. Rose bengal negative.",
    ),
    (
        50,
        120,
        "Orthopedics",
        "M17.11",
        "Osteoarthritis of right knee",
        "ROM 5-110, Kellgren-Lawrence 3. Implant lot not used. Surgery planned for {{date|$followup_long}} at {{location|St. Elowen Regional}}.",
    ),
    (
        18,
        65,
        "Psychiatry",
        "F33.1",
        "Recurrent depression, moderate",
        "PHQ-9 16/27. Works as a baker. Since {{date|the day after Christmas}} sleeps 3-4 h. Sertraline 50 -> 100 mg.",
    ),
    (
        40,
        120,
        "Nephrology",
        "N18.4",
        "Chronic kidney disease, stage 4",
        "eGFR 22, K 5.1, PTH 188. Fistula arm: left. Lives in {{location|$city}}, ride booked with {{name|$relative}}, {{phone|$phone}}.",
    ),
    (
        18,
        90,
        "Oncology",
        "C81.10",
        "Hodgkin lymphoma, nodular sclerosis",
        "ABVD cycle 2/6, day 15. ANC 1.4, Deauville 2. Port flushed. Reviewed with {{name|$consultant}}, MD.",
    ),
    (
        50,
        120,
        "Pulmonology",
        "J44.1",
        "COPD with acute exacerbation",
        "FEV1 48 %, 40 pack-years, quit 2012. Home O2 2 L. E-mail {{email|$email}} for the rehab dates.",
    ),
    (
        18,
        120,
        "Family medicine",
        "Z00.00",
        "Adult medical examination",
        "No complaints. BP 118/76, BMI 24.1, 10/10 teeth, flu shot given, Tdap 2020. Return in 1 year.",
    ),
    (
        10,
        120,
        "Dermatology",
        "L40.0",
        "Psoriasis vulgaris",
        "PASI 8.2, BSA 6 %. Koebner and Auspitz positive. Photo taken, MRN {{mrn|$mrn}} on the ruler.",
    ),
    (
        12,
        120,
        "Laboratory",
        "D50.9",
        "Iron deficiency anemia",
        "Ferritin 6, MCV 71, retic 1.1 %. Specimen {{other_id|LAB$number}} hemolyzed, redraw {{date|$admit_iso}}.",
    ),
    (
        0,
        17,
        "Pediatrics",
        "J05.0",
        "Croup",
        "Born at GA 39w 2d, Apgar 8/9. Westley 3, sat 97 %, dexamethasone 0.6 mg/kg x1. School: {{location|Foxglove Elementary}}. $relation_title {{name|$relative}} will watch overnight.",
    ),
    (
        50,
        120,
        "Palliative care",
        "C25.9",
        "Malignant neoplasm of pancreas",
        'PPS 40 %, pain 6/10 on oxycodone 10 mg q4h. "No more needles," {{name|$first}} says.\nSister in Oregon, age 81.',
    ),
)

#: subject and body of a message to the portal
MESSAGES: Sequence[tuple[str, str]] = (
    (
        "Refill",
        "Hello, this is {{name|$first $last}}. I need 90 tablets of metformin 500 mg, the ones I take twice a day. My pharmacy moved to {{location|$street}}.",
    ),
    (
        "Appointment {{date|$followup_md}}",
        "Can I come at 10:30 instead of 11:45 on {{date|$followup_long}}? My $relation {{name|$relative}} drives me. Call {{phone|$phone}}.",
    ),
    (
        "Lab results",
        "My hemoglobin was 9.8 and now 11.2, is that good? Dr. {{name|$provider_last}} said to ask. I read about Wilson disease and got worried.",
    ),
    (
        "New insurance",
        "My member number is now {{health_plan|$member}}, the old one ended in 2024. Is a copy to {{email|$email}} possible?",
    ),
    (
        "Question",
        "How many of the 5/325 may I take? The bottle says 1-2 every 6 hours, pain is 7/10. I am {{age|$age}} years old.",
    ),
    (
        "Moved",
        "New address: {{location|$street}}, {{location|$city}}, $state {{zip|$zip}}. Same phone. Thanks, {{name|$nickname}}",
    ),
    (
        "Form for work",
        "Please fax the form to {{fax|603-555-0166}}, attn. {{name|$consultant}}. They want my social, {{ssn|$ssn}}, on page 2 of 3.",
    ),
    (
        "Thank you",
        "The nurses on the 3-11 shift were so kind. No question, 10/10 would come again!",
    ),
    (
        "Blood pressure log",
        "Days 1 to 3: 128/82, 131/79, 125/80, pulse 66 to 72. Cuff size M. Is 5 mg still right?",
    ),
    (
        "Records",
        "Please send my records (chart no. {{mrn|$mrn}}) to {{location|Larkspur Notch Clinic}} before {{date|$followup_us}}.",
    ),
)

REPLIES: Sequence[str] = (
    "Dear $title {{name|$last}}, we have it on our list. {{name|$nurse}}, RN",
    "Please call {{phone|603-555-0142}} and press 2. Reference {{other_id|REF-$number}}.",
    "Yes, that is fine. Take it with food, and not more than 4 a day.",
)
