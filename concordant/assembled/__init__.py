"""Stage 2: pandoc reads the sections and citeproc resolves their citations."""
