"""The FastAPI service around avctl."""
