"""Stage 5: independent readers open the finished files and compare what a reader would see."""
