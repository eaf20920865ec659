async function report(error, customer) {
  // breach: data/outbound-personal-data
  await sentry.captureException(error, { user: { email: customer.email, iban: customer.iban } });
}

async function reportById(error, customer) {
  // near-miss: an opaque id in place of iban and email
  await sentry.captureException(error, { user: { id: opaqueId(customer.iban) } });
}
