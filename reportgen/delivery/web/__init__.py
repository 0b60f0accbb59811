"""The web part: the archive, and the pages on which people subscribe, confirm, choose and leave.

`members` says what it asks of the store; `desk` answers sign-ups behind the visitor's back, so that an answer cannot
tell who is subscribed; `app` is the application, and `pages` what it shows. Starlette is imported by `app` only.
"""
