"""Stage 1: find, read and lint what the author keeps under version control."""
