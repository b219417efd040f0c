"""`retainer config`: every setting, what it means, and where its value comes from."""

from chassis.settings import explain
from retainer.output import json_out, show, table
from retainer.verbs.asking import DEFAULT, Options


def config(*, options: Options = DEFAULT) -> None:
    """Show the settings; secrets stay hidden.

    Example: retainer config
    Example: RETAINER_SMTP_HOST=mail.example.org retainer config --json
    """
    settings = list(explain(options.place().settings))
    if options.json:
        json_out([setting._asdict() for setting in settings])
        return
    rows = [(one.variable, one.value, one.origin, one.meaning) for one in settings]
    show(table("", ("variable", "value", "from", "meaning"), rows))
