"""Alerts: rules in a line of text each, and what they find in the runs.

`rules` reads and writes the text, `checks` looks at one run, `monitor` remembers what was
said already, `delivery` rings, notifies and calls out. Only `delivery` does output.
"""
