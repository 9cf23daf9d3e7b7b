"""Validation: every validator that the field trusts reads the finished editions and says what it finds."""
