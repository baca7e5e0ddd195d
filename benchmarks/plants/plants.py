"""
Invented identifiers as they stand in source code: in comments, strings, literals, SQL and logs.

`PLANTS` holds a text of a file, the suffix that it has, and what must be found in it, each beside
its letter. Names, towns and clinics are invented, numbers come from specimen ranges.
"""

from __future__ import annotations

PLANTS = (
    # comments
    ("py", "# Patient: Jane Q. Quillfeather, MRN 00471123\nx = 1\n", ["A:Jane Q. Quillfeather", "H:00471123"]),
    ("py", "def f():\n    # bug seen with pt Ada Thornquist, DOB 03/04/1961\n    return 1\n", ["A:Ada Thornquist", "C:03/04/1961"]),
    ("js", "// call Mrs. Quillfeather at (617) 423-8841 about her visit\nfoo();\n", ["A:Quillfeather", "D:(617) 423-8841"]),
    ("java", "/* Repro: SSN 219-09-9999 fails the check */\nint a;\n", ["G:219-09-9999"]),
    ("c", "/* crashes for MRN: 4471209 (admitted 2019-03-04) */\n", ["H:4471209", "C:2019-03-04"]),
    ("go", "// Dr. Ada Quillfeather reported this for patient 00-47-71\n", ["A:Ada Quillfeather"]),
    ("rb", "# mother of the patient, Mrs. Odalys Fennimore, lives at 412 Cedar Hollow Rd\n", ["A:Odalys Fennimore", "B:412 Cedar Hollow Rd"]),
    ("sh", "#!/bin/sh\n# rerun for medical record number AB-102030\necho ok\n", ["H:AB-102030"]),
    ("r", "# outlier: 94-year-old woman, SSN 219 09 9999\n", ["C:94", "G:219 09 9999"]),
    ("sas", "* patient id 6789012 had two visits;\n", ["H:6789012"]),
    ("m", "% test subject: DOB 1961-03-04, phone 617-423-8841\n", ["C:1961-03-04", "D:617-423-8841"]),
    ("sql.py", "# drop the record of Quillfeather, Ada (MRN 4471209)\n", ["H:4471209", "A:Quillfeather, Ada"]),
    # literals of dictionaries
    ("py", 'record = {"patient_name": "Ada Quillfeather", "dob": "1961-03-04", "ssn": "219-09-9999"}\n', ["A:Ada Quillfeather", "C:1961-03-04", "G:219-09-9999"]),
    ("py", "P = {'mrn': '4471209', 'first_name': 'Ada', 'last_name': 'Quillfeather'}\n", ["H:4471209", "A:Ada", "A:Quillfeather"]),
    ("js", 'const p = { patientName: "Ada Quillfeather", birthDate: "03/04/1961" };\n', ["A:Ada Quillfeather", "C:03/04/1961"]),
    ("ts", "const dob: string = '1961-03-04';\nconst mrn: string = 'AB10203';\n", ["C:1961-03-04", "H:AB10203"]),
    ("rb", 'patient = { :mrn => "4471209", "dob" => "1961-03-04" }\n', ["H:4471209", "C:1961-03-04"]),
    ("php", "$p = ['ssn' => '219-09-9999', 'home_phone' => '617-423-8841'];\n", ["G:219-09-9999", "D:617-423-8841"]),
    ("go", 'p := Patient{MRN: "4471209", DOB: "1961-03-04"}\n', ["H:4471209", "C:1961-03-04"]),
    ("java", 'patient.setSsn("219099999");\npatient.setDateOfBirth(LocalDate.of(1961, 3, 4));\n', ["G:219099999", "C:1961, 3, 4"]),
    ("kt", 'val memberId = "ZZH4471209"\n', ["I:ZZH4471209"]),
    ("cs", 'var p = new Patient { MedicalRecordNumber = "00471123", DateOfBirth = "1961-03-04" };\n', ["H:00471123", "C:1961-03-04"]),
    ("scala", 'case class R(dob: String = "1961-03-04")\n', ["C:1961-03-04"]),
    ("swift", 'let policyNumber = "ZZH100417"\n', ["I:ZZH100417"]),
    ("r", 'df <- data.frame(mrn = "4471209", dob = "1961-03-04")\n', ["H:4471209", "C:1961-03-04"]),
    ("jl", 'p = Dict("mrn" => "4471209", "patient_name" => "Ada Quillfeather")\n', ["H:4471209", "A:Ada Quillfeather"]),
    ("lua", 'local p = { dob = "1961-03-04", mrn = "4471209" }\n', ["C:1961-03-04", "H:4471209"]),
    ("rs", 'let p = Patient { ssn: "219-09-9999".into(), mrn: "4471209".into() };\n', ["G:219-09-9999", "H:4471209"]),
    ("pl", "my %p = (mrn => '4471209', patient_address => '412 Cedar Hollow Road');\n", ["H:4471209", "B:412 Cedar Hollow Road"]),
    ("cpp", 'Patient p; p.mrn = "4471209"; p.npi = "1234567893";\n', ["H:4471209", "K:1234567893"]),
    # arguments and calls
    ("py", 'create_patient(name="Ada Quillfeather", date_of_birth=date(1961, 3, 4), mrn="4471209")\n', ["A:Ada Quillfeather", "C:1961, 3, 4", "H:4471209"]),
    ("py", 'p = Patient(ssn="219-09-9999", email="ada.quillfeather@gmail.com")\n', ["G:219-09-9999", "F:ada.quillfeather@gmail.com"]),
    ("py", 'member = Member(patient_email="ada@quillfeather-home.net", member_id="ZZH4471209")\n', ["F:ada@quillfeather-home.net", "I:ZZH4471209"]),
    ("py", 'row = ("Quillfeather", "Ada", "219-09-9999", "1961-03-04")\n', ["G:219-09-9999", "C:1961-03-04"]),
    ("py", "self.patient_name = 'Thornquist, Ada'\nself.admission_date = '2019-03-04'\n", ["A:Thornquist, Ada", "C:2019-03-04"]),
    ("py", 'assert parse(card).mbi == "1EG4-TE5-MK73"\n', ["I:1EG4-TE5-MK73"]),
    ("py", 'if ssn == "219-09-9999":\n    raise ValueError\n', ["G:219-09-9999"]),
    ("py", 'vin = "1M8GDM9AXKP042788"\n', ["L:1M8GDM9AXKP042788"]),
    ("py", 'credit_card = "4111 1111 1111 1111"\n', ["J:4111 1111 1111 1111"]),
    ("py", 'drivers_license_number = "S5304417"\n', ["K:S5304417"]),
    ("py", 'encounter_id = "770041123"\n', ["R:770041123"]),
    ("py", 'pacemaker_serial = "PJN604417H"\n', ["M:PJN604417H"]),
    # SQL
    ("py", """q = "INSERT INTO patients (mrn, last_name, dob) VALUES ('4471209', 'Quillfeather', '1961-03-04')"\n""", ["H:4471209", "A:Quillfeather", "C:1961-03-04"]),
    ("py", """q = "SELECT * FROM visits WHERE ssn = '219-09-9999'"\n""", ["G:219-09-9999"]),
    ("java", """String q = "UPDATE p SET dob = '1961-03-04' WHERE mrn = '4471209'";\n""", ["C:1961-03-04", "H:4471209"]),
    ("js", "db.query(`DELETE FROM pt WHERE patient_name = 'Ada Quillfeather'`);\n", ["A:Ada Quillfeather"]),
    ("py", """q = '''INSERT INTO pt (ssn, first_name)\nVALUES ('219099999', 'Ada'), ('219099998', 'Tib')'''\n""", ["G:219099999", "A:Ada", "G:219099998"]),
    # logs and messages
    ("py", 'log.info("merged MRN 4471209 into MRN 4471210")\n', ["H:4471209", "H:4471210"]),
    ("py", 'raise ValueError("no visit for patient Ada Thornquist, DOB: 03/04/1961")\n', ["A:Ada Thornquist", "C:03/04/1961"]),
    ("js", 'console.log("Discharged on 3/14/2024: Mrs. Thornquist, MRN 4471209");\n', ["C:3/14/2024", "A:Thornquist", "H:4471209"]),
    ("sh", 'curl -d "ssn=219-09-9999&dob=1961-03-04" https://localhost/x\n', ["G:219-09-9999", "C:1961-03-04"]),
    ("ps1", 'Write-Host "Patient: Thornquist, Ada DOB 03/04/1961"\n', ["A:Thornquist, Ada", "C:03/04/1961"]),
    # fixtures in strings
    ("py", 'NOTE = """\nPatient: Ada Quillfeather\nMRN: 4471209\nAdmitted: 03/04/2019\nPhone: 617-423-8841\nAddress: 412 Cedar Hollow Rd, Ashgrove, VT 05999\n\nMrs. Quillfeather is a 93 year old woman.\n"""\n', ["A:Ada Quillfeather", "H:4471209", "C:03/04/2019", "D:617-423-8841", "B:412 Cedar Hollow Rd", "B:05999", "C:93"]),
    ("py", 'CSV = """name,dob,ssn\nAda Quillfeather,1961-03-04,219-09-9999\nTib Ashgrove,1950-07-09,219-09-9998\n"""\n', ["C:1961-03-04", "G:219-09-9999", "C:1950-07-09", "G:219-09-9998"]),
    ("py", 'HL7 = "PID|1||4471209^^^HOSP^MR||QUILLFEATHER^ADA||19610304|F|||412 CEDAR HOLLOW RD^^ASHGROVE^VT^05999||(617)423-8841|||||219-09-9999"\n', ["G:219-09-9999", "D:(617)423-8841", "B:412 CEDAR HOLLOW RD"]),
    ("py", 'LETTER = "Dear Dr. Fennimore, I saw your patient Mrs. Ada Quillfeather on 3/14/2024."\n', ["A:Ada Quillfeather", "A:Fennimore", "C:3/14/2024"]),
    ("js", 'const note = "Pt seen by Dr. Fennimore, MRN 4471209, wife Odalys at 617-423-8841";\n', ["A:Fennimore", "H:4471209", "A:Odalys", "D:617-423-8841"]),
    ("py", 'def f():\n    """\n    >>> lookup("4471209")\n    Patient name: Ada Quillfeather, DOB: March 4, 1961\n    """\n', ["A:Ada Quillfeather", "C:March 4, 1961"]),
    ("py", 'SIG = "Discharge summary for Quillfeather, Ada (DOB 3/4/1961), fax 617-423-8842"\n', ["C:3/4/1961", "A:Quillfeather, Ada", "E:617-423-8842"]),
    # settings
    ("ini", "[test]\npatient_name = Ada Quillfeather\ndob = 1961-03-04\nssn = 219-09-9999\n", ["A:Ada Quillfeather", "C:1961-03-04", "G:219-09-9999"]),
    ("toml", 'mrn = "4471209"\nhome_address = "412 Cedar Hollow Road"\n', ["H:4471209", "B:412 Cedar Hollow Road"]),
    ("properties", "test.patient.ssn=219-09-9999\ntest.patient.mrn=4471209\n", ["G:219-09-9999", "H:4471209"]),
    ("cfg", "# contact of the patient: 617-423-8841\nmedicare_id = 1EG4TE5MK73\n", ["D:617-423-8841", "I:1EG4TE5MK73"]),
    ("po", 'msgid "Patient: Ada Quillfeather, MRN 4471209"\nmsgstr ""\n', ["A:Ada Quillfeather", "H:4471209"]),
    ("css", "/* card of patient Ada Thornquist, MRN 4471209 */\na {}\n", ["A:Ada Thornquist", "H:4471209"]),
)  # fmt: skip
