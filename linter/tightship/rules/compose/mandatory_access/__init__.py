"""Seccomp, AppArmor, SELinux and no-new-privileges: what holds when all else fails."""
