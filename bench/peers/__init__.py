"""What plantrack is measured against: the least a database needs, and what others would build.

Each module opens its lane on a database of its own and fills it with the workload's plans.
"""
