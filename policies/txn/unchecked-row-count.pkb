CREATE OR REPLACE PACKAGE BODY pay_pkg AS

  PROCEDURE send(p_id IN NUMBER) IS
  BEGIN
    -- breach: txn/unchecked-row-count
    UPDATE payment SET status = 'S' WHERE pay_id = p_id AND status = 'A';
    enqueue(p_id);
  END send;

  PROCEDURE reserve(p_acct IN VARCHAR2, p_amt IN NUMBER) IS
  BEGIN
    -- breach: txn/unchecked-row-count
    UPDATE acct a SET a.balance = a.balance - p_amt
     WHERE a.balance >= p_amt AND a.acct_no = p_acct;
    INSERT INTO entry (acct_no, amt) VALUES (p_acct, p_amt);
  END reserve;

  PROCEDURE send_checked(p_id IN NUMBER) IS
  BEGIN
    -- near-miss: the count is compared
    UPDATE payment SET status = 'S' WHERE pay_id = p_id AND status = 'A';
    IF SQL%ROWCOUNT <> 1 THEN
      RAISE_APPLICATION_ERROR(-20018, 'payment was not approved');
    END IF;
    -- near-miss: no business condition
    UPDATE payment SET label = 'X' WHERE pay_id = p_id;
  END send_checked;

END pay_pkg;
/
