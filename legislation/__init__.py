"""The law as dated data with a citation beside every number. Pure Python: no models, no Django, no clock."""
