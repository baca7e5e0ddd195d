"""Another UID in the place of one."""

import re

from phisweep import marks
from phisweep.errors import InternalError
from phisweep.transform.operators import Context, Params, operator
from phisweep.transform.operators.code import code
from phisweep.transform.params import Reader

#: DICOM's own registry, PS3.6 annex A, has no longer parts.
_REGISTERED = re.compile(r"1\.2\.840\.10008(?:\.[0-9]{1,4}){1,12}")
_NUMBERED = re.compile(r"[0-9]+(?:\.[0-9]+)+")
#: What stands where a UID must is replaced by one, whatever it looks like.
_MUST = "other_id/dicom-uid"


@operator
def uid(text: str, context: Context, params: Params) -> str:
    """
    Replace a UID by another, the same one for the same UID in all files; its references hold.

    It is "2.25." and a number of 128 bits (DICOM PS3.5 B.2), drawn under Safe Harbor and where a
    vault is kept, else made under the key. UIDs of DICOM itself stay, and so do ours. What is none
    gets a random code, but one where the place wants a UID. Raises RuleError, for it takes no
    params, and InternalError where the context has nothing to draw from.
    """
    Reader("uid", params, ())
    core = text.strip(" \0")
    if not core or _REGISTERED.fullmatch(core) or marks.is_mark(core):
        return text
    if not _NUMBERED.fullmatch(core) and context.rule != _MUST:
        return code(text, context, {})
    if context.seeds is None:
        raise InternalError("E705", "the operator uid was called without the codes of the run")
    # Dots tell 1.11 from 11.1, and a seed does not know them.
    return marks.uid(context.seeds.seed("uid", core.replace(".", "x"), ""))
