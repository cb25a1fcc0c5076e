"""What all requests and answers share: the server, the request layer, problems, pages, ETags, idempotency."""
