package settlement

func SetSettlementDate(trade *Trade) {
	// breach: time/unadjusted-date
	trade.SettlementDate = trade.TradeDate.AddDate(0, 0, 2)
}

func SetAdjustedSettlementDate(trade *Trade, calendar Calendar) {
	// near-miss: two business days by the calendar, from the day after the trade
	trade.SettlementDate = calendar.AddBusinessDays(trade.TradeDate.AddDate(0, 0, 1), 1)
}
