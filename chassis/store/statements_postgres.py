"""Statements of PostgreSQL alone: many streams, agencies or requests asked for at once, many rows written at once."""

from chassis.store.statements import COLUMNS

HEADS = """
    SELECT wanted.stream, last.originator_version, last.stream_hash
    FROM unnest(%s::text[]) AS wanted(stream) CROSS JOIN LATERAL (
        SELECT originator_version, stream_hash FROM stored_events WHERE originator_id = wanted.stream
        ORDER BY originator_version DESC LIMIT 1) AS last"""
FIRST_PAGES = """
    SELECT {columns} FROM unnest(%s::text[]) AS wanted(stream) CROSS JOIN LATERAL (
        SELECT * FROM stored_events WHERE originator_id = wanted.stream
        ORDER BY originator_version LIMIT %s) AS page
    ORDER BY page.originator_id, page.originator_version"""
TIPS = """
    SELECT wanted.agency, last.agency_sequence, last.recorded_at_us
    FROM unnest(%s::text[]) AS wanted(agency) CROSS JOIN LATERAL (
        SELECT agency_sequence, recorded_at_us FROM stored_events WHERE agency = wanted.agency
        ORDER BY agency_sequence DESC LIMIT 1) AS last"""
REQUESTS = """
    SELECT known.agency, known.request_id, known.body_hash, known.stream, known.version, known.position, known.names
    FROM unnest(%s::text[], %s::text[]) AS wanted(agency, request_id)
    JOIN requests AS known USING (agency, request_id)"""
MARKS = "SELECT application_name, notification_id FROM notification_tracking WHERE application_name = ANY(%s)"
LAST = "SELECT position, recorded_at_us FROM stored_events ORDER BY position DESC LIMIT 1"
# Rows travel as one JSON text, which costs neither side much; a payload is JSON itself, so its bytes stay as they are.
INSERT_EVENTS = f"""
    INSERT INTO stored_events ({COLUMNS})
    SELECT originator_id, originator_version, topic, convert_to(state, 'UTF8'), position, previous, recorded_at_us,
        agency, actor, correlation_id, causation_id, stream_hash, agency_sequence
    FROM json_to_recordset(%s::json) AS event(originator_id text, originator_version bigint, topic text, state text,
        position bigint, previous bigint, recorded_at_us bigint, agency text, actor text, correlation_id text,
        causation_id text, stream_hash text, agency_sequence bigint)"""
INSERT_REQUESTS = """
    INSERT INTO requests
    SELECT * FROM json_to_recordset(%s::json) AS request(agency text, request_id text, body_hash text, stream text,
        version bigint, position bigint, names text)"""
EVENT_NAMES = tuple(name.strip() for name in COLUMNS.split(","))
REQUEST_NAMES = ("agency", "request_id", "body_hash", "stream", "version", "position", "names")
