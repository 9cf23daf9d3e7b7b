"""Binding: printed parts and their page numbers become the finished PDF, as a linker makes a program of its parts.

Each part gets a range of object numbers with room to spare, so that a part which has changed moves no other, and is
written under these numbers by itself: a plain function of the part, which any worker can do and whose result is kept.
What parts have in common (fonts, pictures, colour profiles) and what leads through all of them (page tree, structure
tree, names, outline) is written last; then all is put in a row and gets one table of references (ISO 32000-1, 7.5).
"""
