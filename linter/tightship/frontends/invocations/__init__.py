"""Commands of container engines in scripts, Makefiles, CI, units and documents."""
