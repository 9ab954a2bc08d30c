"""One message: its header fields, addresses, date, MIME parts and text.

Start at `envelope`, which reads the header of a sent message. Whether a message counts as contact is decided in
`core/contact`, and who an address belongs to in `core/people`.
"""
