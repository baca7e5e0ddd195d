"""The words of the standard and of code systems that say what a FHIR element holds."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Kinds of identifiers of HL7 table 0203 that say which identifier of the law it is.
KINDS = frozenset(
    {
        *("MR", "MRT", "PI", "PT", "PE", "U", "SS", "SSN", "SB", "DL", "PPN", "NPI", "DEA", "MD", "LN", "PRN"),
        *("SL", "TAX", "MB", "MC", "MA", "SN", "HC", "NIIP", "AN", "BA", "VN", "FILL", "PLAC", "ACSN"),
        *("UDI", "SNO", "BC", "BCT", "PN", "NH", "NI", "EI", "EN", "XX", "VS", "VIN", "RRI"),
    }
)  # fmt: skip
SYSTEMS: Mapping[str, str] = {
    "http://hl7.org/fhir/sid/us-ssn": "SS",
    "urn:oid:2.16.840.1.113883.4.1": "SS",
    "http://hl7.org/fhir/sid/us-npi": "NPI",
    "urn:oid:2.16.840.1.113883.4.6": "NPI",
    "http://hl7.org/fhir/sid/us-mbi": "MC",
    "http://hl7.org/fhir/sid/us-medicare": "MC",
    "http://terminology.hl7.org/NamingSystem/cmsMBI": "MC",
    "urn:oid:2.16.840.1.113883.4.814": "DEA",
    "http://hl7.org/fhir/sid/passport-USA": "PPN",
}
#: Where code systems begin whose words are published.
PUBLISHED = (
    "http://loinc.org",
    "http://snomed.info/sct",
    "http://hl7.org/fhir/",
    "http://terminology.hl7.org/",
    "http://unitsofmeasure.org",
    "http://www.nlm.nih.gov/",
    "http://www.ama-assn.org/",
    "http://www.nubc.org/",
    "http://www.whocc.no/",
    "http://www.genenames.org",
    "http://nucc.org/",
    "http://dicom.nema.org/",
    "http://ihe.net/",
    "https://www.cms.gov/",
    "http://www.cms.gov/",
    "https://bluebutton.cms.gov/",
    "urn:oid:2.16.840.1.113883.6.",
    "urn:oid:2.16.840.1.113883.5.",
    "urn:oid:2.16.840.1.113883.12.",
    "urn:ietf:bcp:47",
    "urn:ietf:bcp:13",
    "urn:iso:std:iso:",
)
CONTACTS = frozenset({"phone", "fax", "email", "pager", "url", "sms", "other"})
#: The ends of the URLs of extensions, and what the place is called.
EXTENSIONS: Mapping[str, str] = {
    "patient-mothersMaidenName": "mothersMaidenName",
    "mothersMaidenName": "mothersMaidenName",
    "patient-birthPlace": "birthPlace",
    "birthPlace": "birthPlace",
    "patient-birthTime": "birthTime",
    "geolocation": "geolocation",
    "latitude": "latitude",
    "longitude": "longitude",
    "us-core-race": "race",
    "us-core-ethnicity": "ethnicity",
    "us-core-birthsex": "birthsex",
    "us-core-sex": "birthsex",
    "us-core-genderIdentity": "genderIdentity",
    "patient-religion": "religion",
    "patient-nationality": "nationality",
    "patient-citizenship": "citizenship",
    "patient-congregation": "congregation",
    "humanname-own-prefix": "ownPrefix",
    "humanname-own-name": "ownName",
    "humanname-partner-prefix": "partnerPrefix",
    "humanname-partner-name": "partnerName",
    "humanname-fathers-family": "fathersFamily",
    "humanname-mothers-family": "mothersFamily",
    "iso21090-ADXP-streetName": "streetName",
    "iso21090-ADXP-houseNumber": "houseNumber",
    "iso21090-ADXP-censusTract": "censusTract",
    "iso21090-SC-coding": "county",
    "us-core-direct": "direct",
    "disability-adjusted-life-years": "lifeYears",
    "quality-adjusted-life-years": "lifeYears",
}
#: Resources that are about a person or place of care, whoever refers to them.
OTHERS = frozenset(
    {
        *("Practitioner", "PractitionerRole", "Organization", "Location", "HealthcareService"),
        *("Person", "Endpoint", "OrganizationAffiliation", "InsurancePlan", "Medication"),
        *("Substance", "Questionnaire", "ValueSet", "CodeSystem", "StructureDefinition"),
    }
)
VALUE = re.compile(r"value[A-Z]")
LONGEST_LABEL = 80
PERSONS = frozenset({"Patient", "RelatedPerson", "Practitioner", "Person", "FamilyMemberHistory"})
#: LOINC: age; reported, calculated, estimated; at specimen collection, onset, death.
AGES = frozenset({"30525-0", "21612-7", "29553-5", "21611-9", "35659-2", "30972-4", "39016-1"})
AGE = re.compile(r"(?:patient(?:'s)? )?(?:current )?age\b", re.IGNORECASE)
PAYERS = frozenset({"coverage", "payor", "insurer"})
SHOWN = {"RelatedPerson": "contact_", "Patient": ""}
