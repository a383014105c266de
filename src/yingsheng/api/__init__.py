"""REST API v1: thin over the same services as the pages, described by OpenAPI 3.1."""
