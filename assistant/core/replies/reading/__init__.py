"""What a language model read in an owner's plain words: the orders it gives, and whether the owner's words say so.

Way in: `plan_read.planned_from`. Nothing here asks a model; `writer/model/reader.py` does.
"""
