package com.bank.posting

class PostingDatabase(
    // breach: config/credential-in-code
    private val password: String = "P0sting#2025",
) {
    // breach: config/credential-in-code
    private val apiKey = "9f8e7d6c5b4a32100a1b"
    // near-miss: the name of a setting
    private val passwordKey = "spring.datasource.password"
    // near-miss: read when the program runs
    private val token = System.getenv("POSTING_TOKEN")

    fun open() {
        // breach: config/credential-in-code
        val settings = mapOf("user" to "posting", "password" to "Ledger!77")
        // breach: config/credential-in-code
        dataSource.password = "Hk-77-posting!"
        // near-miss: a placeholder
        dataSource.password = "changeme123"
        // near-miss: a message
        log.info("password P0sting#2025 was refused")
    }
}
