"""One protocol a file or folder; no I/O."""
