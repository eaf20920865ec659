function instalments(total, months) {
  // breach: money/split-remainder
  const amount = total.div(months).round(2);
  return Array.from({ length: months }, (_, month) => ({ month, amount }));
}

function exactInstalments(total, months) {
  const amount = total.div(months).round(2, Big.roundDown);
  return Array.from({ length: months }, (_, month) => ({
    month,
    // near-miss: the last one takes the remainder
    amount: month === months - 1 ? total.minus(amount.times(months - 1)) : amount,
  }));
}
