"""Readers: one for each format; each gives the same `Flow`, that of the printed text."""
