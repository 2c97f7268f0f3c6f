"""The store: experiments, runs and their data on disk. Knows no interface."""
