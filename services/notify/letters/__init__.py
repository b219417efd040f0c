"""From a fact to a letter: pure, so that the same fact and the same reader always give the same text.

| room | what it does |
| --- | --- |
| composition | what is needed for a letter, and who writes it |
| german, english | the words of each kind |
| formats | amounts, dates and hours as the reader writes them |
| layout | the same content as plain text and as simple HTML |
"""

from services.notify.letters.composition import About, Composed, Correspondents, compose

__all__ = ["About", "Composed", "Correspondents", "compose"]
