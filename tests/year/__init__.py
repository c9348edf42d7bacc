"""A year of the demo site under the virtual clock: what its records say, against what its rooms really did."""
