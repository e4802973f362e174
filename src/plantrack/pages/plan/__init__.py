"""Pages on which a plan is read: the caseload, a plan's parts, its chronology."""
