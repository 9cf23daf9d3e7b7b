"""Benchmarks: generated books of any size, built by Concordant and by bare commands in the same call."""
