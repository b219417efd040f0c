"""The invoice as a sheet of paper.

| room | what it does |
| --- | --- |
| parties | who sends it and who gets it, in clear |
| words | what stands on it in German and in English, legal notes included (R31) |
| paper | the document's facts as texts in the client's language (pure) |
| drawing | the PDF file, by typst, which loads at first use |
| drawer | the loop that draws each issued document once |
"""
