CREATE OR REPLACE TRIGGER trg_limit AFTER UPDATE ON cust_limit FOR EACH ROW
BEGIN
  -- breach: audit/incomplete-audit-record
  INSERT INTO audit_trail (who, action, new_value) VALUES (USER, 'LIMIT', :NEW.max_amt);
END;
