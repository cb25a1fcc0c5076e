"""The contract that is published: the OpenAPI document with its examples, and the pages about it."""
