"""Pages on which something is put on a plan: a form for each kind of event."""
