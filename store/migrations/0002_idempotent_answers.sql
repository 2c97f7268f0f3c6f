-- Answers to requests that carried a key of their own, for when they are sent again.
CREATE TABLE idempotent_answers (
    key VARCHAR NOT NULL,
    body_digest VARCHAR NOT NULL,
    status INTEGER NOT NULL,
    headers VARCHAR NOT NULL,
    body BLOB NOT NULL,
    expires_at DOUBLE NOT NULL
);
