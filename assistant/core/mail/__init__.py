"""One message: its header fields, addresses, date, MIME parts and text.

Start at `envelope`, which reads the header of a sent message. `core/contact` decides whether a message counts as
contact, and `core/people` whose address it is.
"""
