"""One module per protocol, without I/O."""
