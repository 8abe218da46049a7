"""The shell scripts of a project as ShellCheck gets them, and what it finds in them."""
