"""Where the kernel does not isolate: /proc, /sys, modules, clock, logs and audit."""
