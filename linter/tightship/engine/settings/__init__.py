"""What is looked for, and how it is graded: command line and configuration files."""
