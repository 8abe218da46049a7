"""What is in effect, for whoever asks: `explain`, hovers, lenses."""
