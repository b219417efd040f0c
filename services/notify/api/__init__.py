"""The doors of notify: letters and channels; and how it gets documents from billing.

| room | what it does |
| --- | --- |
| letters | ListLetters, GetLetter, ResendLetter |
| letter_filter | which letters a caller wants, read from AIP-160 |
| channels | SetChannel, ListChannels |
| messages | notices as messages |
| documents | PDF files, from billing's door |
"""
