"""Policy files. ``england.toml`` is the default; a council's own file overlays it."""
