"""Tagging: the PDF's structure tree, read off the document that was laid out (ISO 32000-1, 14.7 and 14.8).

    boxes -> tree -> repairs -> objects

WeasyPrint's own tree has one element for every box: a paragraph over two pages is two paragraphs, a table
too, running heads are text, notes and contents are nameless. Here every element of the HTML is one
element, and a list of repairs makes the tree what PDF/UA-1 (ISO 14289-1) asks for.
"""

from concordant.editions.tagging.tagger import add_tags

__all__ = ["add_tags"]
