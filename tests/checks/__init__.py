"""Tests of the checker, on files that the builder did not make."""
