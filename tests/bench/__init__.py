"""What `make bench` measures: each figure as a ratio in one run, the two sides in turn."""
