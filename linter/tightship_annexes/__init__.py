"""What hangs on the core of Tightship: each package is an annexe, which may be left alone."""
