-- breach: config/credential-in-code
CREATE USER posting IDENTIFIED BY orders77;
-- near-miss: the operating system tells who signs in
CREATE USER batch IDENTIFIED EXTERNALLY;
-- breach: config/credential-in-code
CREATE ROLE reporting LOGIN PASSWORD 'thursday';
-- near-miss: the variable is filled by the vault
CREATE USER clearing IDENTIFIED BY "&clearing_password";
-- near-miss: a column
SELECT password_changed_on FROM app_user WHERE password_state = 'EXPIRED';
