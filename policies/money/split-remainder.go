package dividend

func Split(amountMinor int64, holders []Holder, totalShares int64) []int64 {
	parts := make([]int64, len(holders))
	for i, holder := range holders {
		// breach: money/split-remainder
		parts[i] = amountMinor * holder.Shares / totalShares
	}
	return parts
}

func Allocate(amountMinor int64, holders []Holder, totalShares int64) []int64 {
	parts, left := make([]int64, len(holders)), amountMinor
	for i, holder := range holders {
		parts[i] = amountMinor * holder.Shares / totalShares
		left -= parts[i]
	}
	// near-miss: the remainder goes to the first holder
	parts[0] += left
	return parts
}
