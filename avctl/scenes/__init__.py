"""What is wanted, planned and taken."""
