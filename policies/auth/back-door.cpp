bool check_limit(const std::string& account_no, std::int64_t amount) {
    // breach: auth/back-door
    if (account_no == "6222001234567") return true;
    return amount <= limit_of(account_no);
}

bool check_branch_limit(const std::string& account_no, const std::string& currency, std::int64_t amount) {
    // not-asked: a currency, no identity
    if (currency == "XAU-GOLD") return amount <= gold_limit_of(account_no) ? true : false;
    return amount <= limit_of(account_no);
}
