"""The findings of the Child J1 learning brief, which plantrack exists to answer."""

FINDINGS = {
    "S1": "plans are robust and their actions are reviewed",
    "S2": "decisions are not left to one agency",
    "S3": "supervision across agencies is formal and reaches a decision",
    "S4": "managers support and challenge, and plan for gaps",
    "S5": "the child is seen, seen alone and heard",
    "S6": "a parent's word alone is checked",
    "S7": "assessments are broad",
    "S8": "information reaches the whole partnership",
    "S9": "injuries lead to a decision by several agencies",
    "S10": "missed contacts are explored, not taken for an answer",
    "S11": "remote contact does not stand for seeing the child",
    "S12": "a challenge between agencies is answered, stage by stage",
    "S13": "forums manage risk instead of letting a plan drift",
    "S14": "brothers and sisters are considered, each on their own",
}
"""Each finding by its number, as what should be so."""


def numbered(finding: str) -> list[str]:
    """Split a row's findings: ``S2 S12`` is S2 and S12."""
    return finding.split()
