"""Hardening of services: what is known to work, and what is left to people."""
