"""Answers to requests about places in documents."""
