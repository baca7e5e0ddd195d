"""
What the fields of HL7 v2 segments are called, and of what type they are (2.3 to 2.8).

The names are the context that rules read; those of a patient's own fields are the plain ones.
What is not written here is searched as well, without a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from phisweep.formats.hl7.types import COMPONENTS

_CONTROL = """
MSH: ST separator|ST separators|HD sending application|HD sending facility|HD receiving application|HD receiving facility|TS message date|ST security|MSG message type|ST message control id|PT processing id|VID version|NM sequence number|ST continuation pointer|ID accept acknowledgment|ID application acknowledgment|ID country|ID character set|CE language|ID character set handling|EI message profile|XON sending organization|XON receiving organization|HD sending network|HD receiving network
FHS: ST separator|ST separators|HD sending application|HD sending facility|HD receiving application|HD receiving facility|TS creation date|ST security|ST file name|ST comment|ST control id|ST reference control id
BHS: ST separator|ST separators|HD sending application|HD sending facility|HD receiving application|HD receiving facility|TS creation date|ST security|ST batch name|ST comment|ST control id|ST reference control id
BTS: ST message count|ST comment|NM totals
FTS: NM batch count|ST comment
MSA: ID acknowledgment code|ST message control id|ST text message|NM expected sequence|ID delayed acknowledgment|CE error condition
ERR: ELD error location|ERL error location|CWE error code|ID severity|CWE application error|ST application error parameter|TX diagnostic information|TX user message|IS inform person|CWE override type|CWE override reason|XTN help desk provider phone
EVN: ID event type|TS recorded date|TS planned event date|IS event reason|XCN operator|TS event date|HD event facility
SFT: XON software vendor|ST version|ST product|ST binary id|TX product information|TS install date
QRD: TS query date|ID query format|ID query priority|ST query id|ID deferred response|TS deferred response date|CQ quantity|XCN who subject|CE what subject|CE what department|VR what data|ID results level
QRF: ST where subject|TS when start date|TS when end date|ST user qualifier
"""
_PATIENT = """
PID: SI set id|CX patient id|CX patient identifier|CX alternate patient id|XPN|XPN mother's maiden|TS birth date|IS sex|XPN alias|CE race|XAD|IS county|XTN phone|XTN business phone|CE language|CE marital status|CE religion|CX account number|ST ssn|DLN driver's license|CX mother's identifier|CE ethnic group|ST birth place|ID multiple birth|NM birth order|CE citizenship|CE veterans status|CE nationality|TS death date|ID deceased|ID identity unknown|IS identity reliability|TS last update date|HD last update facility|CE species|CE breed|ST strain|CE production class|CWE tribal citizenship|XTN patient phone
PD1: IS living dependency|IS living arrangement|XON primary facility|XCN primary care provider|IS student|IS disability|IS living will|IS organ donor|ID separate bill|CX duplicate patient id|CE publicity|ID protection|DT protection date|XON place of worship|CE advance directive|IS registry status|DT registry status date|DT publicity date|IS military branch|IS military rank|IS military status|DT advance directive date
MRG: CX prior patient identifier|CX prior alternate patient id|CX prior account number|CX prior patient id|CX prior visit number|CX prior alternate visit id|XPN prior
NK1: SI set id|XPN next of kin|CE relationship|XAD next of kin|XTN next of kin phone|XTN next of kin business phone|CE contact role|DT start date|DT end date|ST next of kin job title|JCC job code|CX next of kin employee number|XON next of kin organization|CE marital status|IS next of kin sex|TS next of kin birth date|IS living dependency|IS ambulatory status|CE citizenship|CE language|IS living arrangement|CE publicity|ID protection|IS student|CE religion|XPN mother's maiden|CE nationality|CE ethnic group|CE contact reason|XPN contact person|XTN contact person phone|XAD contact person|CX next of kin identifier|IS job status|CE race|IS disability|ST contact person ssn|ST next of kin birth place|IS vip|XTN next of kin phone|XTN contact person phone
GT1: SI set id|CX guarantor number|XPN guarantor|XPN guarantor spouse|XAD guarantor|XTN guarantor phone|XTN guarantor business phone|TS guarantor birth date|IS guarantor sex|IS guarantor type|CE guarantor relationship|ST guarantor ssn|DT guarantor start date|DT guarantor end date|NM priority|XPN guarantor employer|XAD guarantor employer|XTN guarantor employer phone|CX guarantor employee number|IS employment status|XON guarantor organization|ID billing hold|CE credit rating|TS guarantor death date|ID deceased|CE charge adjustment|CP household income|NM household size|CX guarantor employer id|CE marital status|DT hire date|DT employment stop date|IS living dependency|IS ambulatory status|CE citizenship|CE language|IS living arrangement|CE publicity|ID protection|IS student|CE religion|XPN mother's maiden|CE nationality|CE ethnic group|XPN contact person|XTN contact person phone|CE contact reason|IS contact relationship|ST guarantor job title|JCC job code|XON guarantor employer organization|IS disability|IS job status|FC financial class|CE race|ST guarantor birth place|IS vip
IN1: SI set id|CE insurance plan|CX insurance company id|XON insurance company|XAD insurance company|XPN insurance contact person|XTN insurance phone|ST group number|XON group|CX employer id|XON insured employer|DT plan effective date|DT plan expiration date|AUI authorization number|IS plan type|XPN insured|CE insured relationship|TS insured birth date|XAD insured|IS assignment of benefits|IS coordination of benefits|ST coordination priority|ID notice of admission|DT notice date|ID report of eligibility|DT report date|IS release code|ST precertification code|TS verification date|XCN verified by provider|IS agreement type|IS billing status|NM reserve days|NM delay|IS plan code|ST policy number|CP deductible|CP limit amount|NM limit days|CP room rate|CP room rate|CE employment status|IS insured sex|XAD insured employer|ST verification status|IS prior plan|IS coverage type|IS disability|CX insured id number|IS signature code|DT signature date|ST insured birth place|IS vip
IN2: CX insured employee id|ST insured ssn|XCN insured employer|IS employer information|IS mail claim party|ST medicare card number|XPN medicaid case|ST medicaid case number|XPN military sponsor|ST military id number|CE dependent of military|ST military organization|ST military station|IS military service|IS military rank|IS military status|DT military retire date|ID non-availability|ID baby coverage|ID combine baby bill|ST blood deductible|XPN special coverage approval provider|ST special coverage approval title|IS non-covered insurance|CX payor id|CX payor subscriber id|IS eligibility source|RMC room coverage|PTA policy type|DDI deductible|IS living dependency|IS ambulatory status|CE citizenship|CE language|IS living arrangement|CE publicity|ID protection|IS student|CE religion|XPN mother's maiden|CE nationality|CE ethnic group|CE marital status|DT employment start date|DT employment stop date|ST insured job title|JCC job code|IS job status|XPN employer contact person|XTN employer contact phone|IS contact reason|XPN insured contact person|XTN insured contact phone|IS contact reason|DT relationship start date|DT relationship stop date|IS contact reason|XTN insurance contact phone|IS policy scope|IS policy source|CX member number|CE guarantor relationship|XTN insured phone|XTN insured employer phone|CE military disability|ID suspend|ID limit|ID limit|XON insured organization|XON insured employer organization|CE race|CE patient relationship
IN3: SI set id|CX certification number|XCN certified by provider|ID certification required|MOP penalty|TS certification date|TS modification date|XCN operator|DT certification start date|DT certification end date|DTN days|CE non-concur code|TS non-concur date|XCN physician reviewer|ST certification contact|XTN certification contact phone|CE appeal reason|CE certification agency|XTN certification agency phone|IS precertification|ST case manager|DT second opinion date|IS second opinion status|IS documentation|XCN second opinion physician
ACC: TS accident date|CE accident code|ST accident location|CE accident state|ID job related|ID accident death|XCN entered by provider|ST accident description|ST brought in by|ID police notified|XAD accident
CON: SI set id|CE consent type|ST consent form id|EI consent form number|FT consent text|FT consent text|FT consent text|FT consent background|FT consent background|ID consent mode|ID consent status|TS discussion date|TS decision date|TS consent effective date|TS consent end date
DB1: SI set id|IS disabled person code|CX disabled person identifier|ID disability|DT disability start date|DT disability end date|DT return to work date|DT unable to work date
PDA: CE death cause|PL death location|ID certified|TS death certificate date|XCN death certified by provider|ID autopsy|DR autopsy date|XCN autopsy provider|ID coroner
CSR: EI study|EI alternate study|CE study institution|CX study patient id|CX alternate study patient id|TS registration date|XCN registered by provider|XCN investigator provider|TS consent date|XCN treatment authorized by provider
"""
_VISIT = """
PV1: SI set id|IS patient class|PL assigned|IS admission type|CX preadmit number|PL prior|XCN attending doctor|XCN referring doctor|XCN consulting doctor|IS hospital service|PL temporary|IS preadmit test|IS readmission|IS admit source|IS ambulatory status|IS vip|XCN admitting doctor|IS patient type|CX visit number|FC financial class|IS charge price|IS courtesy|IS credit rating|IS contract code|DT contract effective date|NM contract amount|NM contract period|IS interest|IS transfer to bad debt|DT transfer to bad debt date|IS bad debt agency|NM bad debt amount|NM bad debt recovery|IS delete account|DT delete account date|IS discharge disposition|DLD discharged to|CE diet|IS servicing facility|IS bed status|IS account status|PL pending|PL prior temporary|TS admit date|TS discharge date|NM balance|NM charges|NM adjustments|NM payments|CX alternate visit id|IS visit indicator|XCN other healthcare provider
PV2: PL prior pending|CE accommodation|CE admit reason|CE transfer reason|ST patient valuables|ST valuables location|IS visit user code|TS expected admit date|TS expected discharge date|NM estimated stay|NM actual stay|ST visit description|XCN referral source provider|DT previous service date|ID employment illness|IS purge status|DT purge date|IS special program|ID retention|NM insurance plans|IS visit publicity|ID visit protection|XON clinic|IS patient status|IS visit priority|DT previous treatment date|IS expected disposition|DT signature date|DT first similar illness date|CE charge adjustment|IS recurring service|ID billing media|TS expected surgery date|ID military partnership|ID military|ID newborn|ID baby detained|CE arrival mode|CE recreational drug|CE admission level|CE precaution|CE patient condition|IS living will|IS organ donor|CE advance directive|DT patient status date|TS expected return date|TS expected test date|IS notify clergy|DT advance directive date
AL1: SI set id|CE allergy type|CE allergen|CE severity|ST reaction|DT identification date
IAM: SI set id|CE allergy type|CE allergen|CE severity|ST reaction|CNE action|EI allergy id|ST action reason|CE sensitivity|CE allergen group|DT onset date|ST onset text|TS reported date|XPN reported by contact|CE relationship|CE alert device|CE status|XCN statused by provider|XON statused by|TS statused date
DG1: SI set id|ID coding method|CE diagnosis|ST diagnosis description|TS diagnosis date|IS diagnosis type|CE diagnostic category|CE related group|ID approval|IS review|CE outlier type|NM outlier days|CP outlier cost|ST version|ID priority|XCN diagnosing provider|IS classification|ID confidential|TS attestation date|EI diagnosis id|ID action
PR1: SI set id|IS coding method|CE procedure|ST procedure description|TS procedure date|IS functional type|NM minutes|XCN anesthesiologist provider|IS anesthesia|NM minutes|XCN surgeon|XCN procedure practitioner|CE consent|ID priority|CE diagnosis|CE modifier|IS type|CE tissue type|EI procedure id|ID action
ROL: EI role instance|ID action|CE role|XCN role provider|TS start date|TS end date|CE duration|CE reason|CE provider type|CE organization unit|XAD office provider|XTN office provider phone
PRT: EI participation|ID action|CWE reason|CWE participation|XCN participating provider|CWE provider type|CWE organization unit|XON participating|PL participating|EI device serial|TS start date|TS end date|CWE duration|XAD participating provider|XTN participating provider phone|EI device udi|TS device manufacture date|TS device expiration date|ST device lot number|ST device serial number
FT1: SI set id|ST transaction id|ST transaction batch id|DR transaction date|TS posting date|IS transaction type|CE transaction code|ST description|ST description|NM quantity|CP amount|CP amount|CE department|CE insurance plan|CP insurance amount|PL assigned|IS fee schedule|IS patient type|CE diagnosis|XCN performed by provider|XCN ordered by provider|CP cost|EI filler order number|XCN entered by provider|CE procedure|CE modifier
BLG: CCD when to charge|ID charge type|CX account number
ABS: XCN discharge provider|CE transfer service|CE severity|TS abstract date|XCN abstracted by provider
"""
_ORDERS = """
ORC: ID order control|EI placer order number|EI filler order number|EI placer group number|ID order status|ID response|TQ timing|EIP parent order number|TS transaction date|XCN entered by provider|XCN verified by provider|XCN ordering provider|PL enterer|XTN callback provider phone|TS order effective date|CE reason|CE entering organization|CE entering device|XCN action by provider|CE beneficiary notice|XON ordering|XAD ordering facility|XTN ordering facility phone|XAD ordering provider|CE status modifier|CE override reason|TS availability date|CWE confidentiality|CWE order type|CNE authorization mode|CWE parent service|DT beneficiary notice date|CX alternate order number
OBR: SI set id|EI placer order number|EI filler order number|CE service|ID priority|TS requested date|TS observation date|TS observation end date|CQ volume|XCN collector provider|ID specimen action|CE danger code|ST relevant clinical information|TS specimen received date|SPS specimen source|XCN ordering provider|XTN callback provider phone|ST placer field|ST placer field|ST filler field|ST filler field|TS report date|MOC charge|ID section|ID result status|PRL parent result|TQ timing|XCN result copies to provider|EIP parent order number|ID transport|CE reason|NDL result interpreter provider|NDL assistant interpreter provider|NDL technician provider|NDL transcriptionist provider|TS scheduled date|NM containers|CE transport|CE collector comment|CE transport arrangement|ID transport arranged|ID escort|CE transport comment|CE procedure|CE modifier|CE supplemental information|CE supplemental information|CWE duplicate reason|IS result handling|CWE parent service|EI observation group id|EI parent observation group id|CX alternate order number
OBX: SI set id|ID value type|CE observation|ST sub id|* value|CE units|ST reference range|IS abnormal flags|NM probability|ID nature of test|ID result status|TS range effective date|ST access checks|TS observation date|CE producer|XCN responsible observer provider|CE method|EI device serial|TS analysis date|CWE site|EI observation id|CNE mood|XON performing|XAD performing laboratory|XCN performing medical director provider
NTE: SI set id|ID source|FT comment|CE comment type|XCN entered by provider|TS entered date|TS effective date|TS expiration date
TQ1: SI set id|CQ quantity|RPT repeat|TM time|CQ relative time|CQ duration|TS start date|TS end date|CWE priority|TX condition|TX instruction|ID conjunction|CQ occurrence duration|NM occurrences
SPM: SI set id|EIP specimen id|EIP parent specimen id|CWE specimen type|CWE modifier|CWE additives|CWE collection method|CWE source site|CWE site modifier|CWE collection site|CWE role|CQ amount|NM count|ST specimen description|CWE handling|CWE risk|DR collection date|TS received date|TS expiration date|ID availability|CWE reject reason|CWE quality|CWE appropriateness|CWE condition|CQ quantity|NM containers|CWE container|CWE container condition|CWE child role|CX accession number|CX other specimen id
SAC: EI accession number|EI accession number|EI container id|EI carrier id
RXO: CE requested code|NM amount|NM amount|CE units|CE form|CE pharmacy instructions|CE administration instructions|LA1 deliver to|ID substitution|CE dispense code|NM dispense amount|CE units|NM refills|XCN ordering provider|XCN pharmacist provider|ID human review|CE per|NM strength|CE units|CE indication
RXE: TQ timing|CE give code|NM amount|NM amount|CE units|CE form|CE administration instructions|LA1 deliver to|ID substitution|NM dispense amount|CE units|NM refills|XCN ordering provider|XCN pharmacist provider|ST prescription number|NM refills remaining|NM refills dispensed|TS dispensed date|CQ daily dose|ID human review|CE dispensing instructions
RXD: NM dispense counter|CE dispensed code|TS dispensed date|NM amount|CE units|CE form|ST prescription number|NM refills remaining|ST dispense notes|XCN dispensing provider|ID substitution|CQ daily dose|LA2 dispense to|ID human review|CE dispensing instructions|NM strength|CE units|ST substance lot number|TS substance expiration date|CE manufacturer
RXG: NM give counter|NM dispense counter|TQ timing|CE give code|NM amount|NM amount|CE units|CE form|CE administration notes|ID substitution|LA2 dispense to|ID human review|CE administration instructions
RXA: NM give counter|NM administration counter|TS administration start date|TS administration end date|CE administered code|NM amount|CE units|CE form|CE administration notes|XCN administering provider|LA2 administered at|ST per|NM strength|CE units|ST substance lot number|TS substance expiration date|CE manufacturer|CE refusal reason|CE indication|ID completion|ID action|TS entry date|NM drug strength volume|CWE units|CWE barcode|ID order type|PL dispensed|XAD administered at
TXA: SI set id|IS document type|ID presentation|TS activity date|XCN activity provider|TS origination date|TS transcription date|TS edit date|XCN originator provider|XCN authenticator provider|XCN transcriptionist provider|EI document number|EI parent document number|EI placer order number|EI filler order number|ST file name|ID completion|ID confidentiality|ID availability|ID storage|ST change reason|PPN authentication provider|XCN copies to provider
DSP: SI set id|SI display level|TX data line|ST break point|TX result id
PRB: ID action|TS action date|CE problem|EI problem id|EI episode id|NM rank|TS established date|TS anticipated resolution date|TS resolution date|CE classification|CE discipline|CE persistence|CE confirmation|CE life cycle|TS life cycle date|TS onset date|ST onset text
GOL: ID action|TS action date|CE goal|EI goal id|EI episode id|NM rank|TS established date|TS expected achieve date|CE classification|CE discipline|CE review status|TS review date|TS next review date
PTH: ID action|CE pathway|EI pathway id|TS established date|CE life cycle|TS life cycle date
IPC: EI accession number|EI requested procedure id|EI study instance uid|EI scheduled procedure id
"""
_PEOPLE = """
SCH: EI placer appointment id|EI filler appointment id|NM occurrence|EI placer group number|CE schedule|CE event reason|CE appointment reason|CE appointment type|NM duration|CE units|TQ timing|XCN placer contact provider|XTN placer contact provider phone|XAD placer contact provider|PL placer contact|XCN filler contact provider|XTN filler contact provider phone|XAD filler contact provider|PL filler contact|XCN entered by provider|XTN entered by provider phone|PL entered by|EI parent appointment id|EI parent appointment id|CE filler status|EI placer order number|EI filler order number
AIS: SI set id|ID action|CE service|TS start date
AIG: SI set id|ID action|CE resource|CE resource type|CE resource group|NM quantity|CE units|TS start date
AIL: SI set id|ID action|PL resource|CE location type|CE location group|TS start date
AIP: SI set id|ID action|XCN personnel provider|CE role|CE group|TS start date
PRD: CE provider role|XPN provider|XAD provider|PL provider|XTN provider phone|CE contact method|PLN provider identifier|TS start date|TS end date
CTD: CE contact role|XPN contact person|XAD contact person|PL contact|XTN contact person phone|CE contact method|PLN contact person identifier
STF: CE staff key|CX staff id|XPN staff|IS staff type|IS staff sex|TS staff birth date|ID active|CE department|CE service|XTN staff phone|XAD staff|DIN activation date|DIN inactivation date|CE backup|ST staff email|CE contact method|CE marital status|ST staff job title|JCC job code|CE employment status|ID insured|DLN staff driver's license|ID insured to transport|DT insurance expiration date|DT license review date|DT medical date
PRA: CE practitioner key|CE practitioner group|IS category|ID provider billing|SPD specialty|PLN practitioner identifier|PIP privileges|DT practice start date
AUT: CE insurance plan|CE insurance company|ST insurance company|TS effective date|TS expiration date|EI authorization number|CP limit|NM treatments|NM treatments|TS process date
RF1: CE referral status|CE priority|CE referral type|CE disposition|CE category|EI referral number|TS effective date|TS expiration date|TS process date|CE reason|EI external referral number
FAC: EI facility|ID facility type|XAD facility|XTN facility phone|XCN contact provider|ST contact title|XAD contact provider|XTN contact provider phone|XCN signature provider|ST signature title|TS signature date
"""
_OTHERS = """
ADD ADJ AFF APR ARQ ARV BPO BPX BTX BUI CDM CDO CER CM0 CM1 CM2 CNS CTI CTR CTT DEV DMI DON DPS DRG DSC DST ECD ECR EDU EQL
EQP EQU ERQ GP1 GP2 HXX IAR IIM ILT IN4 INV IPR ISD ITM IVC IVT LAN LCC LCH LDP LOC LRL MCP MFA MFE MFI NCK NDS NPU NSC NST
ODS ODT OH1 OH2 OH3 OH4 OM1 OM2 OM3 OM4 OM5 OM6 OM7 OMC ORG OVR PAC PCE PCR PDC PEO PES PKG PM1 PMT PSG PSH PSL PSS PYE QAK
QID QPD QRI RCP RDF RDT RGS RGV RMI RQ1 RQD RXC RXR RXV SCD SCP SDD SGH SGT SHP SID SLT SPR STZ TCC TCD TQ2 UAC UB1 UB2 URD
URS VAR VND VTQ
"""


@dataclass(frozen=True, slots=True)
class Field:
    """A field's type ("XPN", "" where it is not known) and what it is called."""

    type: str = ""
    name: str = ""

    def label(self, component: int, *, several: bool) -> str:
        """Return what a component (from 1) is called; `several` where it does not stand alone."""
        parts = COMPONENTS.get(self.type, ())
        part = parts[component - 1] if component <= len(parts) else ""
        if component > 1 and (self.type in _NUMBERS or (several and not part)):
            return part
        return f"{self.name} {part}".strip()


_UNKNOWN = Field()
#: Types of which only the first component is what the field is called.
_NUMBERS = frozenset(("AUI", "CX", "DLN", "EI", "HD", "PLN", "XON"))


def _read(*tables: str) -> Mapping[str, Sequence[Field]]:
    found = {}
    for line in "".join(tables).split("\n"):
        segment, _, fields = line.partition(": ")
        if fields:
            pairs = (field.partition(" ") for field in fields.split("|"))
            found[segment] = [Field(type_, name) for type_, _, name in pairs]
    return found


FIELDS = _read(_CONTROL, _PATIENT, _VISIT, _ORDERS, _PEOPLE)
SEGMENTS = frozenset((*FIELDS, *_OTHERS.split()))


def field_of(segment: str, number: int) -> Field:
    """Return what is known of a field, by its number from 1."""
    fields = FIELDS.get(segment, ())
    return fields[number - 1] if 0 < number <= len(fields) else _UNKNOWN
