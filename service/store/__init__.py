"""What is kept: SQLAlchemy tables, their migrations, and the file they are in."""
