"""Who may do what: tokens, roles, tenants, and the checks around every request.

`gate.AccessGate` stands in front of everything a server answers; see there for the order of
the checks.
"""
