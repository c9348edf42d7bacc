"""What devices can do, one file each: a protocol of a few verbs, its values, its points."""
