"""How alerts leave the dashboard; what they are is `store.alerts`."""
