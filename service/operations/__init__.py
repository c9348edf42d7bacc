"""What the operators owe: warm-ups, inspections, the ledger, meetings, incidents and the papers made of them."""
