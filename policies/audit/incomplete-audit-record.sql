-- breach: audit/incomplete-audit-record
INSERT INTO audit_trail (action, happened_at) VALUES ('limit changed', now());
