package objects

import "example.com/sink"

type Account struct {
	Owner  string
	Branch string
}

type Audited struct {
	Account
	By string
}

type Named interface {
	Name() string
}

func (a Account) Name() string { return a.Owner }

func (a *Account) Rename(owner string) { a.Owner = owner }

func (a Account) TryRename(owner string) { a.Owner = owner }

type Fixed struct{ value string }

func (f Fixed) Name() string { return "fixed" }

func pointers(tainted string) {
	account := &Account{Owner: "a"}
	account.Rename(tainted)
	sink.Sink(account.Owner) // flow
	sink.Sink(account.Branch) // no flow
	account.Owner = "b"
	sink.Sink(account.Name()) // no flow
}

func values(tainted string) {
	account := Account{Owner: "a"}
	account.TryRename(tainted)
	sink.Sink(account.Owner) // no flow
	other := account
	other.Owner = tainted
	sink.Sink(account.Owner) // no flow
	sink.Sink(other.Owner) // flow
}

func embedded(tainted string) {
	audited := Audited{Account: Account{Owner: tainted}, By: "x"}
	sink.Sink(audited.Owner) // flow
	sink.Sink(audited.Name()) // flow
	sink.Sink(audited.By) // no flow
	audited.Rename("clean")
	sink.Sink(audited.Owner) // no flow
}

func dispatched(tainted string) {
	var named Named = Account{Owner: tainted}
	sink.Sink(named.Name()) // flow
	named = Fixed{tainted}
	sink.Sink(named.Name()) // no flow
}

func swap(a, b string) (string, string) { return b, a }

func split(text string) (first string, second string) {
	first = text
	second = "s"
	return
}

func results(tainted string) {
	a, b := swap(tainted, "x")
	sink.Sink(a) // no flow
	sink.Sink(b) // flow
	first, second := split(tainted)
	sink.Sink(first) // flow
	sink.Sink(second) // no flow
}

func fill(target *string, text string) { *target = text }

func through(tainted string) {
	text := "a"
	other := "b"
	fill(&text, tainted)
	sink.Sink(text) // flow
	sink.Sink(other) // no flow
	pointer := &other
	*pointer = tainted
	sink.Sink(other) // flow
}

func variadic(parts ...string) string { return parts[1] }

func rest(tainted string) {
	sink.Sink(variadic("a", tainted)) // flow
	sink.Sink(variadic(tainted, "b")) // no flow
	sink.Sink(variadic([]string{tainted, "b"}...)) // no flow
}
