"""One screen in each module. Screens do not know each other."""
