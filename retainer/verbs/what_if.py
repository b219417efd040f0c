"""`retainer what-if`: what other terms would have cost, over a contract's real past or over a time sheet alone."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from messages.dates import date_message
from messages.terms import terms_message
from retainer import what_ifs
from retainer.charts import check_ending, what_if_chart, write_chart
from retainer.failures import Failure
from retainer.output import json_out, plain, say, show
from retainer.verbs.asking import DEFAULT, Language, Options
from retainer.words import named, parse_date
from vocabulary.terms import Terms
from wire.retainer.billing.v1.what_if_pb2 import SimulateTermsRequest, TermsVariant
from wire.retainer.contracts.v1.contract_pb2 import GetContractRequest


def what_if(
    contract: str = "",
    /,
    *,
    terms: tuple[Path, ...] = (),
    begin: Annotated[str, Parameter(name="--from")] = "",
    end: Annotated[str, Parameter(name="--to")] = "",
    csv: Path | None = None,
    zone: str = "",
    currency: str = "EUR",
    chart: Path | None = None,
    language: Language = Language.EN,
    options: Options = DEFAULT,
) -> None:
    """Price what was really worked under other terms, several side by side. Nothing is recorded.

    With --csv it takes a time sheet of Toggl Track in place of a contract, and needs no server: the past of a new
    client under the packages that you might offer.

    Example: retainer what-if web-2026 --terms small.yaml --terms large.yaml --from 2026-01-01 --to 2027-01-01
    Example: retainer what-if --csv toggl.csv --zone Europe/Berlin --terms small.yaml --terms large.yaml
    Example: retainer what-if web-2026 --terms small.yaml --terms large.yaml --chart tiers.svg --language de

    Parameters
    ----------
    contract
        Contract id.
    terms
        A YAML file with terms, or with a `terms` or `contract` that has them; may be repeated.
    begin
        Periods that begin on this date or later.
    end
        Periods that begin before this date.
    csv
        The "detailed" CSV export of Toggl Track.
    zone
        With --csv: the time zone of the time sheet, like Europe/Berlin.
    currency
        With --csv: the currency of the terms.
    chart
        Draw the variants side by side into this file, .svg or .png. It is replaced.
    language
        de or en: of the chart.
    """
    if chart is not None:
        check_ending(chart)
    if not terms:
        raise Failure("name the terms to try: --terms small.yaml, once for each")
    dates = (parse_date(begin, "--from") if begin else None, parse_date(end, "--to") if end else None)
    sheet: what_ifs.Sheet | None = None
    if csv is not None:
        if contract:
            raise Failure("name a contract or --csv, not both")
        if not zone:
            raise Failure("say in which zone the time sheet's clock stood: --zone Europe/Berlin")
        variants = what_ifs.variants_in(terms, currency)
        sheet = what_ifs.read_sheet(csv, zone)
        found = what_ifs.of_time_sheet(sheet, zone, currency, variants, *dates)
    elif contract:
        found = _asked(contract, terms, dates, options)
    else:
        raise Failure("name a contract, or a time sheet with --csv")
    if options.json:
        json_out(found if sheet is None else {**plain(found), **_rows_of(sheet)})
    else:
        show(*(() if sheet is None else what_ifs.about_sheet(sheet)), *what_ifs.side_by_side(found))
    if chart is not None:
        write_chart(chart, what_if_chart(found, language))
        if not options.json:
            say(f"Drew {chart}.")


def _rows_of(sheet: what_ifs.Sheet) -> Mapping[str, Any]:
    """What became of a time sheet's rows, for scripts."""
    return {
        "rows": sheet.rows,
        "not_billable": sheet.not_billable,
        "skipped": [note._asdict() for note in sheet.skipped],
        "warnings": [note._asdict() for note in sheet.warnings],
    }


def _asked(contract: str, files: Sequence[Path], dates: tuple[date | None, date | None], options: Options) -> Any:
    name = named("contracts", contract)
    with options.client() as client:
        currency = client.ask(GetContractRequest(name=name)).agreement.currency_code
        request = SimulateTermsRequest(
            contract=name,
            variants=[_variant(name, terms, currency) for name, terms in what_ifs.variants_in(files, currency)],
        )
        for field, day in zip(("from", "to"), dates, strict=True):
            if day is not None:
                getattr(request, field).CopyFrom(date_message(day))
        return client.ask(request, timeout_seconds=60)


def _variant(name: str, terms: Terms, currency: str) -> TermsVariant:
    return TermsVariant(name=name, terms=terms_message(terms, currency))
