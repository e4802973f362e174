"""Campaigns: plantrack's own processes are hurt on purpose, and what must still hold is proved."""

import pytest

pytest.register_assert_rewrite("campaigns.proofs", "campaigns.load", "campaigns.web")
