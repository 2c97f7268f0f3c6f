"""The tabs of the screen of one run. Each reads its own data when it is first looked at."""
