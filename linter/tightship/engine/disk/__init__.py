"""Files read and written: the only place that touches the disk."""
