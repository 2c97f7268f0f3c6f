"""What stands around every screen: the connection, menus, alerts, keys, the look."""
