INSERT INTO audit_trail (actor, action, object, before_value, after_value, happened_at)
-- near-miss: everything is named
VALUES (:teller, 'LIMIT', :customer_no, :old_limit, :new_limit, now());
