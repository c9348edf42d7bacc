"""What happened in a stretch of time: counted in one pass over the journal, every number with its entries. Pure."""
