"""An edition recognised piece by piece: what is as it was in an earlier check is recalled instead of recognised.

cut → standing, pointing → recognised → joined: a flow is cut into pieces; what stands in each depends on the piece alone, and what points in
it on what its links meet elsewhere, too; what was recognised of all is joined to one reading.
"""
