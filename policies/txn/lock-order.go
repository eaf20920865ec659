package account

func Transfer(from, to *Account, amount int64) {
	from.mu.Lock()
	defer from.mu.Unlock()
	// breach: txn/lock-order
	to.mu.Lock()
	defer to.mu.Unlock()
	from.balance, to.balance = from.balance-amount, to.balance+amount
}

func TransferOrdered(from, to *Account, amount int64) {
	first, second := from, to
	if second.number < first.number {
		first, second = second, first
	}
	first.mu.Lock()
	defer first.mu.Unlock()
	// near-miss: ordered by number above
	second.mu.Lock()
	defer second.mu.Unlock()
	from.balance, to.balance = from.balance-amount, to.balance+amount
}
