#include <string>

// breach: config/credential-in-code
const std::string dbPassword = "P0sting#2025";
// near-miss: the name of a field
const std::string passwordField = "login.password2";

void connect(Config &config)
{
    // breach: config/credential-in-code
    config.setPassword("Cl3aring!");
    // breach: config/credential-in-code
    PQconnectdb("host=core-db user=posting password=ledger77");
    // near-miss: read when the program runs
    config.setPassword(std::getenv("POSTING_PASSWORD"));
}
