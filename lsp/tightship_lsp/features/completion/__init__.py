"""Completion: what may be written at the cursor.

`cursor.py` finds the place of the cursor in a text that is half typed, without a parse of the
whole text; `compose.py` and `dockerfile.py` yield items for it, and `answer.py` makes the answer
for the client. Nothing here judges.
"""
