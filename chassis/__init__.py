"""What any event-sourced service needs. It has never heard of a contract or an invoice.

| room | what it does | only importer of |
| --- | --- | --- |
| catalog | event name + version <-> class, upcasts, JSON Schemas, sealing of personal fields | |
| keyring, seal | keys of subjects, sealing and opening, erasure | cryptography |
| store | load streams, decide, append to several streams at once; group commit | eventsourcing |
| relay | recorded facts -> JetStream, in order, without gap or duplicate | (only publisher) |
| bus | the connection to NATS, hosted by a faststream broker | faststream |
| inbox | JetStream -> reactions, in order, one transaction with their tracking; dead letters | |
| projector | recorded facts -> views, with position; rebuild beside the live view and swap | |
| freshness | consistency tokens: read your writes, across services | |
| grpc_server | the door: health, reflection, drain; one Method before each method | grpc_health, grpc_reflection |
| method, call, signs, answers | what stands before a servicer, what it gets, what a caller is told | protovalidate |
| auth | tokens, roles, rules | joserfc |
| metrics | names as dashboards know them | prometheus_client |
| logs | structured, with correlation ids, without secrets | structlog |
| settings | the only reader of the environment | pydantic_settings |
| keys_api, operations, neighbours | calls that every service answers; calls to other services | |
| parts, run | what a service is made of; start it, stop it in order | |
| supervise, child | the whole house as processes of one machine | |
| testing | given/when/then for deciders; real servers for tests | |
"""
