"""What turns paths into judged findings: the disk, the settings, the run."""
