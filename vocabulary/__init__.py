"""Words with laws that two services share: money, duration, calendar, terms, identity, personal data, refusal. No I/O."""
