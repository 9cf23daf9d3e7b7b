"""Stage 3: every numbered thing gets its number, once; every label becomes text with a link."""
