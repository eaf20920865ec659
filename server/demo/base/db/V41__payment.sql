CREATE TABLE payment (
    pay_id   CHAR(16)       NOT NULL PRIMARY KEY,
    amount   NUMERIC(15, 2) NOT NULL,
    currency CHAR(3)        NOT NULL,
    status   CHAR(1)        NOT NULL
);
