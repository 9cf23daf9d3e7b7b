"""Faults and harmless changes for finished editions, to see what the checker catches and what it lets pass."""
