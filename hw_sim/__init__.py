"""Simulated devices, written from the makers' documents. They know the product only through bytes."""
