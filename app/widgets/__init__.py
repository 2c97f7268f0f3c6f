"""Parts of screens: each shows values that it is given and posts messages."""
