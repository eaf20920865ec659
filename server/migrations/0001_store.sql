-- The store. One text for SQLite and PostgreSQL. Times are milliseconds since 1970, by the database's own clock.

-- What the forges sent. A delivery counts once.
CREATE TABLE inbox (
    forge TEXT NOT NULL,
    delivery TEXT NOT NULL,
    event TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (forge, delivery)
);
CREATE INDEX inbox_received ON inbox (received_at);

-- One row for each thing to do. The key says what; asking again changes the row and never adds one.
CREATE TABLE job (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    repository TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'dead')),
    -- Counts how often it was asked for, and which asking the running worker knows.
    generation BIGINT NOT NULL,
    claimed BIGINT NOT NULL,
    -- Counts claims and never goes back, also when a forgotten row comes again: it starts at the clock.
    epoch BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    priority BIGINT NOT NULL,
    -- The place in line: repositories take turns.
    turn BIGINT NOT NULL,
    -- When it may be claimed: for a ready row its earliest start, for a running row the end of its lease.
    due_at BIGINT NOT NULL,
    worker TEXT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX job_line ON job (priority, turn, due_at, key) WHERE state IN ('ready', 'running');
CREATE INDEX job_repository ON job (repository, turn) WHERE state IN ('ready', 'running');
CREATE INDEX job_state ON job (state, turn);

-- What a job writes on a forge, noted before it is written.
CREATE TABLE outbox (
    job TEXT NOT NULL,
    key TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'sending', 'sent', 'failed')),
    forge_id TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (job, key)
);
CREATE INDEX outbox_state ON outbox (state, updated_at);

CREATE TABLE review (
    id TEXT PRIMARY KEY,
    merge_request TEXT,
    repository TEXT,
    asked_by TEXT NOT NULL,
    state TEXT NOT NULL,
    head TEXT,
    target TEXT,
    configuration TEXT,
    -- What decided; empty unless the review came to an end of its own.
    engine TEXT,
    policies TEXT,
    -- A JSON object: number of findings by severity.
    findings TEXT NOT NULL,
    blocking BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    ended_at BIGINT,
    record TEXT NOT NULL
);
CREATE INDEX review_asked ON review (asked_at, id);
CREATE INDEX review_repository ON review (repository, asked_at, id);
CREATE INDEX review_merge_request ON review (merge_request, asked_at, id);

-- The findings of ended reviews, for search and for numbers over time.
CREATE TABLE finding (
    review TEXT NOT NULL REFERENCES review (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    fingerprint TEXT NOT NULL,
    policy TEXT NOT NULL,
    severity TEXT NOT NULL,
    blocks BOOLEAN NOT NULL,
    path TEXT NOT NULL,
    line BIGINT NOT NULL,
    repository TEXT,
    ended_at BIGINT NOT NULL,
    PRIMARY KEY (review, place)
);
CREATE INDEX finding_fingerprint ON finding (fingerprint, ended_at);
CREATE INDEX finding_ended ON finding (ended_at);

-- What people say of findings. Nothing here is ever changed.
CREATE TABLE feedback (
    id TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('right', 'wrong')),
    reason TEXT,
    by_whom TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX feedback_fingerprint ON feedback (fingerprint, at);

-- Callers' tokens, by their SHA-256. A revoked name stays taken.
CREATE TABLE token (
    name TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT
);

-- Keys that all replicas share: made once, by whoever comes first. 32 bytes in hexadecimal digits.
CREATE TABLE secret (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Written to see whether writing works.
CREATE TABLE probe (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    at BIGINT NOT NULL
);
