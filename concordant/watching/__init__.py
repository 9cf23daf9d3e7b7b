"""Watching: the page beside the editor; each save is visible at once, and the editions follow."""
