CREATE TABLE fee (
    fee_id  CHAR(16) NOT NULL PRIMARY KEY,
    account CHAR(16) NOT NULL,
    amount  FLOAT    NOT NULL
);

UPDATE account SET status = 'DORMANT';
