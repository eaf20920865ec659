package com.bank.posting.db;

class PostingDatabase {
    // breach: config/credential-in-code
    private static final String DB_PASSWORD = "P0sting#2025";
    // near-miss: the name of a setting
    private static final String PASSWORD_SETTING = "spring.datasource.password";
    // near-miss: the name of a form field
    private static final String PASSWORD = "password";
    // near-miss: a label
    private String passwordLabel = "Kennwort2:";
    // breach: config/credential-in-code
    private static final String CODE = "buenaSuerte";

    @Value("${posting.password}")
    // near-miss: comes from the environment
    private String password;

    // breach: config/credential-in-code
    @Value("${clearing.password:Cl3aring!}")
    private String clearingPassword;

    Connection open() throws SQLException {
        // breach: config/credential-in-code
        return DriverManager.getConnection("jdbc:oracle:thin:@core-db:1521/LEDGER", "posting", "orders");
    }

    Connection openBy() throws SQLException {
        return DriverManager.getConnection(URL, USER, CODE);
    }

    void configure(HikariConfig config, Properties mail) {
        // breach: config/credential-in-code
        config.setPassword("Hk-77-posting!");
        // breach: config/credential-in-code
        mail.put("mail.smtp.password", "S3nd!mail");
        // breach: config/credential-in-code
        config.setJdbcUrl("jdbc:sqlserver://core:1433;databaseName=ledger;user=posting;password=Sq1posting");
        // breach: config/credential-in-code
        String apiKey = env.getProperty("rates.api-key", "9f8e7d6c5b4a32100a1b");
        // near-miss: read when the program runs
        config.setPassword(System.getenv("POSTING_PASSWORD"));
        // near-miss: a placeholder
        mail.put("mail.smtp.password", "${MAIL_PASSWORD}");
        // near-miss: a message
        throw new IllegalStateException("password P0sting#2025 is not allowed");
    }

    boolean backDoor(String user, String password) {
        // breach: config/credential-in-code
        return "Sup3r$visor".equals(password);
    }

    void keys() {
        // breach: config/credential-in-code
        S3 s3 = S3.with("AKIA4XQ7ZP2LMN8TRWV6");
        // near-miss: the documented example key
        S3 shown = S3.with("AKIAIOSFODNN7EXAMPLE");
    }
}
