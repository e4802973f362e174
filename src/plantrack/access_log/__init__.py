"""The access record: who was shown which plan, written down before the plan is shown.

It is append-only and holds no content of plans.
"""
