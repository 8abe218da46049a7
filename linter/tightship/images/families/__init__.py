"""One file for each family of images; `docs/adding-an-image.md` says how to write one."""
