"""Charts for the terminal: arrays and a size in, a `Picture` out.

Nothing here knows Textual, Rich or the store. `picture` and `canvas` are what everything is
drawn with, `scale` and `ticks` make axes, `plotext_backend` is the only module that calls
plotext, and every other module is one kind of chart.
"""
