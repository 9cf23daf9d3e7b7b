"""Stage 4: the same fragments become a reading page, a paged document and a package."""
