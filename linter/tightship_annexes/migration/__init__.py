"""From the settings of other linters to those of Tightship."""
