"""Proof that the same source gives the same bytes: receipts, varied builds, and a stranger's verification."""
