-- What the model answered, and which review asked it.

-- Answers by the SHA-256 of all that they follow from: prompt, sampling, engine and weights.
CREATE TABLE answer (
    name TEXT PRIMARY KEY,
    -- JSON, without the thinking.
    completion TEXT NOT NULL,
    -- Kept for a while where the operator wants it, and read by nothing.
    thinking TEXT,
    given_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE INDEX answer_used ON answer (used_at, name);
CREATE INDEX answer_thinking ON answer (given_at) WHERE thinking IS NOT NULL;

-- The questions of each review, by the SHA-256 of the prompt, so that it can be made again.
CREATE TABLE asked (
    review TEXT NOT NULL,
    prompt TEXT NOT NULL,
    -- The name of the answer; or, where there is none that is kept, what came instead of one, as JSON.
    answer TEXT,
    outcome TEXT,
    asked_at BIGINT NOT NULL,
    PRIMARY KEY (review, prompt)
);
CREATE INDEX asked_asked ON asked (asked_at);
