"""Which of the powers of root a container keeps, gets back or is given."""
