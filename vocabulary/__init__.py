"""Words with laws that two services share: money, time, calendar, terms, identity, personal data. No I/O."""
