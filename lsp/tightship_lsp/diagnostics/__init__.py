"""Findings as diagnostics, which the client gets or asks for."""
