"""Device control and AV switching: nothing is called done that was not read back."""
