package core

func (a *Account) Shown() string {
	return "account " + a.Owner
}
