"""Reports: what the journal says of a stretch of time, as papers that somebody approves."""
