"""What programs do that a RUN, a CMD or a command line starts."""
