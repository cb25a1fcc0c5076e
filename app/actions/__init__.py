"""Every write: one function per verb of the business. They flush; they never commit."""
