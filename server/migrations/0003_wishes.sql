-- What somebody wished of a job, as bits: that a later asking without the wish does not take it back.

-- Wished since the last claim.
ALTER TABLE job ADD COLUMN wishes BIGINT NOT NULL DEFAULT 0;
-- Wished before, and held until a run that knew of it is done.
ALTER TABLE job ADD COLUMN held BIGINT NOT NULL DEFAULT 0;
