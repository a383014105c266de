"""One form description becomes a page form, an API schema and the lines of a printed sheet; sent twice, taken once."""
