package com.bank.account;

class AccountQueries {
    // breach: db/unnamed-columns
    private static final String FIND = "SELECT * FROM account WHERE account_no = ?";
    // near-miss: the columns are named
    private static final String BALANCE = "SELECT account_no, balance FROM account WHERE account_no = ?";
    // near-miss: a count
    private static final String COUNT = "SELECT COUNT(*) FROM account";
    // breach: db/unnamed-columns
    private static final String ADD = "INSERT INTO account_hist VALUES (?, ?, ?)";
    // near-miss: words for people
    private static final String HELP = "Please select * from the list of accounts";
}
