"""From the series of runs to the traces of charts: axes, groups, smoothing. No Textual here."""
