"""Typefaces: the fonts of the editions, cut to what a document draws with them."""
