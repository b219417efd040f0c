"""The invoice as a sheet of paper.

| room | what it does |
| --- | --- |
| parties | who sends it and who gets it, in clear |
| words | what stands on it in German and in English, legal notes included (R31) |
| paper | the document's facts as texts in the client's language (pure) |
| drawing | the PDF file, by typst, which loads at first use |
| legible | the same texts without what cannot be set: signs that our fonts lack, a logo that is no picture |
| einvoice, hybrid | the same document as data (EN 16931), and the declaration that it is inside of the PDF |
| statement_sheet, chart | the statement of a period as PDF and HTML, with its burn-down |
| correspondents | opens who sends and who gets for the moment of drawing |
| drawer | the loop that draws each issued document once |
"""
