"""One file for each question.

| view | question |
| --- | --- |
| budget | what is left of each contract, period by period |
| invoices | which documents and drafts there are, line by line |
| receivables | what each client owes, what he paid, what reminders went out |
| postings | what was put on an account besides time |
| left_out | what could not be counted, and why |
| calendar | whose books are to be settled when |
| parties | who sends documents and who gets them (sealed) |
| documents | the PDF file of each document (sealed) |
"""

from services.billing.views.budget import BudgetView
from services.billing.views.calendar import CalendarView
from services.billing.views.documents import DocumentsView
from services.billing.views.invoices import InvoicesView
from services.billing.views.left_out import LeftOutView
from services.billing.views.parties import PartiesView
from services.billing.views.postings import PostingsView
from services.billing.views.receivables import ReceivablesView

VIEWS = (
    BudgetView,
    CalendarView,
    DocumentsView,
    InvoicesView,
    LeftOutView,
    PartiesView,
    PostingsView,
    ReceivablesView,
)
