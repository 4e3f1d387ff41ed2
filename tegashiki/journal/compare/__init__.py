"""Runs beside each other: their curves, every cause of a difference, where they part.

    from tegashiki.journal.compare import causes, curves, parting
    causes.between(one, other); parting.first(one, other)
"""
