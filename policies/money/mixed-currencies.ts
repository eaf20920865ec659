export function invoiceTotal(invoices: Invoice[]): Big {
  // breach: money/mixed-currencies
  return invoices.reduce((total, invoice) => total.plus(invoice.outstanding), new Big(0));
}

export function settledTotal(invoices: Invoice[], currency: string): Big {
  // near-miss: only invoices of the currency
  const due = invoices.filter((invoice) => invoice.currency === currency);
  return due.reduce((total, invoice) => total.plus(invoice.outstanding), new Big(0));
}
