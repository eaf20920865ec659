package com.bank.eod

class FeeJob(private val redis: StringRedisTemplate, private val control: ControlTable) {
    fun run(day: LocalDate) {
        // breach: concurrency/unsafe-distributed-lock
        if (redis.opsForValue().setIfAbsent("fees:$day", "1") == true) chargeFees(day)
    }

    fun runGuarded(day: LocalDate, token: String) {
        if (redis.opsForValue().setIfAbsent("fees:$day", token, Duration.ofMinutes(5)) != true) return
        // near-miss: the control record has a unique key on job and day
        if (control.claim("fees", day)) chargeFees(day)
        redis.execute(COMPARE_AND_DELETE, listOf("fees:$day"), token)
    }
}
