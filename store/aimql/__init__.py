"""The query language: one Python expression, asked of every run or sequence.

`parse` reads a text into a tree of ours and refuses what no query may hold; `plan` finds
the parts that SQL can answer exactly; `evaluate` asks the rest of objects in memory. The
same query gives the same answer whichever way it is asked.
"""

from store.aimql.parse import Query, parse

__all__ = ["Query", "parse"]
