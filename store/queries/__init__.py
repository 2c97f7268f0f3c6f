"""One file for each noun: the SQL, and the values that come out of it."""
