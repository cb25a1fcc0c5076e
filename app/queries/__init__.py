"""Every SELECT that somebody asked for: takes a reading, returns rows."""
