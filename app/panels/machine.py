"""What tabs about the machine say where nothing of it was recorded."""

HOW_TO_MEASURE = (
    "Run(system_tracking_interval=10) of the client records processor, memory and GPUs\n"
    "every ten seconds. Metrics of your own belong here, too, if their names begin\n"
    "with __system__, such as __system__cpu."
)
