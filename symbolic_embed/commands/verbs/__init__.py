"""One verb a page: parse, build the request, print."""
