"""Pages for managers: alerts, their answers, and patterns over many plans."""
