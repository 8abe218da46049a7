"""The grammar of POSIX shell and Bash."""
