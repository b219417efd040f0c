"""What any event-sourced service needs. It has never heard of a contract or an invoice.

| room | what it does | only importer of |
| --- | --- | --- |
| catalog | event name + version <-> class, upcasts, JSON Schemas, sealing of personal fields | |
| keyring, seal | keys of subjects, sealing and opening, erasure | cryptography |
| store | load streams, decide, append to several streams at once with request and tracking; group commit | eventsourcing |
| relay | recorded facts -> JetStream, in order, without gap or duplicate | (only publisher) |
| bus | the connection to NATS, hosted by a faststream broker | faststream |
| inbox | JetStream -> reactions, in order, one transaction with their tracking; dead letters | |
| projector | recorded facts -> views, with position; rebuild beside the live view and swap | |
| freshness | consistency tokens: read your writes, across services | |
| grpc_server, auth | the door: tokens, roles, deadlines, rich errors, metrics, health, reflection, drain | |
| metrics, logs, settings | names as dashboards know them; structured; the only reader of the environment | prometheus_client, structlog, pydantic_settings |
| run | start, supervise, stop in order | |
| testing | given/when/then for deciders; real servers for tests | |
"""
