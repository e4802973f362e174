"""Pages for administrators: rules, working days, imports and checks."""
