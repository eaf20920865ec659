package com.bank.eod;

class InterestJob {
    void run(String branch) {
        // breach: concurrency/unsafe-distributed-lock
        if (redis.setIfAbsent("eod:" + branch, "1")) {
            redis.expire("eod:" + branch, Duration.ofMinutes(5));
            postInterest(branch);
            redis.delete("eod:" + branch);
        }
    }

    void runGuarded(String branch, LocalDate businessDate) {
        RLock lock = redisson.getLock("eod:" + branch);
        // near-miss: a library with owner and lease, and a unique control record behind it
        if (!lock.tryLock() || !batchControl.insertIfAbsent(branch, businessDate)) return;
        try { postInterest(branch); } finally { lock.unlock(); }
    }

    // not-asked: only warms a cache
    void warmRates() { if (cache.putIfAbsent("rates", "loading")) rates.load(); }
}
