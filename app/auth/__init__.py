"""Who somebody is: sign-in, credentials, keys, and guessing slowed down. Knows nothing of requests."""
