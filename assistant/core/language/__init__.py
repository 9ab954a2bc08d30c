"""Words of a language and nothing about mail or people: months, weekdays, days as people write them, phrases.

Start at `dates` (a day or a length of time in words) and `detect` (which language a text is in). No rule about
contact, drafts or replies comes here.
"""
