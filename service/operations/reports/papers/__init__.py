"""From facts to the content of each kind of report."""
