"""Scenes: what is wanted, the plan to get there, and the take that carries it out."""
