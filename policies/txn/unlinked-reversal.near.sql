-- reversal of entry 884213, once: contra_of is unique
INSERT INTO journal_entry (account_no, amount, contra_of)
-- near-miss: a linked contra entry
SELECT account_no, -amount, entry_id FROM journal_entry WHERE entry_id = 884213;
