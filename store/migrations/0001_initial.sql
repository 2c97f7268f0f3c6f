-- Times are float seconds since the epoch, UTC. No secondary indexes: scans of these
-- columns are fast, and DuckDB's indexes have had corruption bugs.

CREATE TABLE experiments (
    id VARCHAR NOT NULL,
    tenant VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    description VARCHAR NOT NULL DEFAULT '',
    artifact_location VARCHAR,
    tags VARCHAR NOT NULL DEFAULT '{}',
    is_archived BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DOUBLE NOT NULL,
    updated_at DOUBLE NOT NULL
);

-- `params` is the truth; the table of the same name is its flattened copy for filters.
CREATE TABLE runs (
    id INTEGER NOT NULL,
    tenant VARCHAR NOT NULL,
    hash VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    description VARCHAR NOT NULL DEFAULT '',
    experiment_id VARCHAR,
    status VARCHAR NOT NULL DEFAULT 'running',
    is_archived BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DOUBLE NOT NULL,
    client_started_at DOUBLE,
    finished_at DOUBLE,
    updated_at DOUBLE NOT NULL,
    params VARCHAR NOT NULL DEFAULT '{}'
);

-- One row for each leaf. `key` joins the path with dots. Numbers and booleans fill `num`,
-- texts fill `txt`; lists and empty objects are kept as JSON in `txt`.
-- `type` is one of int, float, bool, str, null, list, dict.
CREATE TABLE params (
    run_id INTEGER NOT NULL,
    key VARCHAR NOT NULL,
    num DOUBLE,
    txt VARCHAR,
    type VARCHAR NOT NULL
);

CREATE TABLE tags (
    id VARCHAR NOT NULL,
    tenant VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    color VARCHAR,
    description VARCHAR,
    is_archived BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DOUBLE NOT NULL
);

CREATE TABLE run_tags (
    run_id INTEGER NOT NULL,
    tag_id VARCHAR NOT NULL,
    attached_at DOUBLE NOT NULL
);

CREATE TABLE notes (
    id VARCHAR NOT NULL,
    tenant VARCHAR NOT NULL,
    run_id INTEGER,
    experiment_id VARCHAR,
    content VARCHAR NOT NULL,
    metric VARCHAR,
    context VARCHAR,
    step BIGINT,
    created_at DOUBLE NOT NULL,
    updated_at DOUBLE NOT NULL
);

-- Summaries of metrics are true up to the last sealed generation; what came later is in
-- memory and laid over these rows. For other kinds the numeric columns are NULL, `count`
-- and the steps are kept.
CREATE TABLE sequences (
    id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    context VARCHAR NOT NULL,
    dtype VARCHAR NOT NULL DEFAULT 'float',
    count BIGINT NOT NULL DEFAULT 0,
    non_finite_count BIGINT NOT NULL DEFAULT 0,
    first DOUBLE,
    first_step BIGINT,
    last DOUBLE,
    last_step BIGINT,
    min DOUBLE,
    min_step BIGINT,
    max DOUBLE,
    max_step BIGINT,
    mean DOUBLE,
    first_time DOUBLE,
    last_time DOUBLE
);

CREATE TABLE segments (
    path VARCHAR NOT NULL,
    generation_low BIGINT NOT NULL,
    generation_high BIGINT NOT NULL,
    point_count BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sequence_min INTEGER NOT NULL,
    sequence_max INTEGER NOT NULL,
    run_min INTEGER NOT NULL,
    run_max INTEGER NOT NULL,
    -- Whether a point may replace one of an earlier segment.
    has_overlap BOOLEAN NOT NULL
);

-- One row for each step of a sequence of images, texts, distributions, audios or figures.
-- `items` is a JSON list; where it is very large it lies in a blob and `blob` names it.
-- `received_at` is our clock, to find the upload that belongs to an object.
CREATE TABLE objects (
    sequence_id INTEGER NOT NULL,
    step BIGINT NOT NULL,
    epoch DOUBLE,
    time DOUBLE NOT NULL,
    received_at DOUBLE NOT NULL,
    items VARCHAR NOT NULL,
    blob VARCHAR
);

CREATE TABLE log_lines (
    run_id INTEGER NOT NULL,
    step BIGINT NOT NULL,
    line VARCHAR NOT NULL
);

CREATE TABLE log_records (
    run_id INTEGER NOT NULL,
    number BIGINT NOT NULL,
    message VARCHAR NOT NULL,
    level INTEGER NOT NULL,
    time DOUBLE NOT NULL,
    args VARCHAR,
    logger_info VARCHAR
);

-- Every upload of a path is kept as a version of its own; the newest is the artifact.
-- Version 0 has no bytes: it remembers the content type of a path that is still to come.
CREATE TABLE artifacts (
    run_id INTEGER NOT NULL,
    path VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    content_type VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    size_bytes BIGINT NOT NULL,
    created_at DOUBLE NOT NULL
);

-- The next number to give out, where numbers of deleted rows must not come back.
CREATE TABLE counters (
    name VARCHAR NOT NULL,
    value BIGINT NOT NULL
);

CREATE TABLE tombstones (
    tenant VARCHAR NOT NULL,
    hash VARCHAR NOT NULL,
    deleted_at DOUBLE NOT NULL
);

CREATE TABLE apps (
    id VARCHAR NOT NULL,
    tenant VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    created_at DOUBLE NOT NULL,
    updated_at DOUBLE NOT NULL
);

CREATE TABLE dashboards (
    id VARCHAR NOT NULL,
    tenant VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    description VARCHAR NOT NULL DEFAULT '',
    app_id VARCHAR,
    is_archived BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DOUBLE NOT NULL,
    updated_at DOUBLE NOT NULL
);

CREATE TABLE reports (
    id VARCHAR NOT NULL,
    tenant VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    code VARCHAR NOT NULL DEFAULT '',
    description VARCHAR NOT NULL DEFAULT '',
    created_at DOUBLE NOT NULL,
    updated_at DOUBLE NOT NULL
);

-- Small JSON values by name: pinned sequences, metric directions, saved queries, view state.
CREATE TABLE settings (
    tenant VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    value VARCHAR NOT NULL
);

CREATE TABLE tokens (
    id VARCHAR NOT NULL,
    tenant VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    created_at DOUBLE NOT NULL,
    expires_at DOUBLE,
    revoked_at DOUBLE
);

CREATE TABLE audit (
    time DOUBLE NOT NULL,
    tenant VARCHAR NOT NULL,
    actor VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    request_id VARCHAR
);
