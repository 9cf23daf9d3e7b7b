"""Press: what happens in the processes that lay out and print the PDF's parts.

    printing (a part as a function of its HTML) -> fitting -> weasy, the one module that talks to WeasyPrint

The others teach the layout engine its manners: styles are shared, page numbers left out, some numbers left blank,
brackets drawn upright, formulas drawn as pictures, complaints heard.
"""
