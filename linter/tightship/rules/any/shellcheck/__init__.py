"""What ShellCheck, another program, finds in the scripts of a project."""
