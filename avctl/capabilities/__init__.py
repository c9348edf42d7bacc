"""What devices can do: one module per capability."""
