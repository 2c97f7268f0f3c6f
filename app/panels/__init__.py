"""Parts of screens that ask questions by dialogs: larger than a widget, used by several screens."""
