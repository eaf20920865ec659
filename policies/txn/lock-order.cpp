void transfer(Account& payer, Account& payee, std::int64_t amount) {
    std::lock_guard<std::mutex> first(payer.mutex);
    // breach: txn/lock-order
    std::lock_guard<std::mutex> second(payee.mutex);
    payer.balance -= amount;
    payee.balance += amount;
}

void transfer_ordered(Account& payer, Account& payee, std::int64_t amount) {
    std::unique_lock<std::mutex> first(payer.mutex, std::defer_lock);
    std::unique_lock<std::mutex> second(payee.mutex, std::defer_lock);
    // near-miss: std::lock takes both without deadlock
    std::lock(first, second);
    payer.balance -= amount;
    payee.balance += amount;
}
