"""One question in each module, with one typed answer; None means cancelled."""
