"""Commands that print and end: `runs`, `show`, `plot` and `compare`.

They work on a store or a server alike, for people and, with `--json`, for programs. `commands`
holds the command line; every other module turns values of a source into text or plain values.
"""
