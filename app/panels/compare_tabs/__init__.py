"""The tabs of the comparison of runs."""
