package posting

import "os"

// breach: config/credential-in-code
const dbPassword = "P0sting#2025"

// near-miss: the name of a variable
const passwordEnv = "POSTING_PASSWORD_2"

func open(req *http.Request) {
	// breach: config/credential-in-code
	db, _ := sql.Open("postgres", "postgres://posting:L3dger77@core-db:5432/ledger")
	// breach: config/credential-in-code
	cfg := Config{User: "posting", Password: "Cl3aring!"}
	// breach: config/credential-in-code
	req.SetBasicAuth("clearing", "thursday")
	// near-miss: read when the program runs
	cfg.Password = os.Getenv("POSTING_PASSWORD")
	// near-miss: no password in the address
	other, _ := sql.Open("postgres", "postgres://posting@core-db:5432/ledger")
	use(db, other, cfg)
}

func hashed(password string) string {
	// near-miss: a salt
	return md5Crypt(password, "dlPL2MqE")
}
