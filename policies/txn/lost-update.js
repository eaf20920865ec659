async function withdraw(id, amount) {
  const account = await Account.findById(id);
  // breach: txn/lost-update
  account.balance = account.balance - amount;
  await account.save();
}

async function debit(id, amount) {
  // near-miss: one conditional update in the database
  const done = await Account.findOneAndUpdate({ _id: id, balance: { $gte: amount } }, { $inc: { balance: -amount } });
  if (!done) throw new InsufficientFunds(id);
  await db.query('UPDATE account SET balance_changed_at = now() WHERE id = $1', [id]);
}
