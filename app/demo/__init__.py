"""The demonstration: small networks, really trained, logged over the public protocol.

`command` is what `runfolio demo` runs. `plan` says which networks are trained on which data,
`training` trains them in a process of its own (`python -m app.demo.training URL`), `client` is
the smallest complete client of the ingestion protocol, `summary` is what is printed at the end.

Everything but the clock follows from the seed.
"""
