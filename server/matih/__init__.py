"""The experiments API (`/api/v1/experiments`): experiments, runs, logging, comparison.

The same store as the other API under other words: an experiment that is deleted here is
archived there, `params` are the run's `hparams`, and so on. See `router` for the order of
the routes, which matters: the word `runs` stands where an experiment's id may stand.
"""
