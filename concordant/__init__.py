"""Concordant: PDF, EPUB and HTML editions of one document, with the same numbers in all three.

The sub-packages are the pipeline, in order: `sources`, `assembled`, `numbered`, `editions`, `checks`.
"""

__version__ = "0.1.0"
