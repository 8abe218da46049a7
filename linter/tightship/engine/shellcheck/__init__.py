"""ShellCheck: the program, and what it answers about the scripts of a project."""
