"""The figures of main and backup: what the far end hears, how long it takes, and what must never happen."""
