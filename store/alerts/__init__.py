"""Alerts: rules in a line of text each, and what they find in the runs.

`rules` reads and writes the text, `checks` looks at one run, `monitor` remembers what was told
already, `desk` keeps all that for one workspace, and `hooks` calls out. Nothing here knows a
screen or a route: the dashboard and the server both stand at the same desk.
"""
