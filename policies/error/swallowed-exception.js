async function credit(acct, amount) {
  try {
    await ledger.credit(acct, amount);
  // breach: error/swallowed-exception
  } catch (e) {
  }
}

function notify(entry) {
  // breach: error/swallowed-exception
  payments.refund(entry.id).catch(() => {});
  // near-miss: a counter may be lost
  metrics.flush().catch(() => {});
}

async function save(entry) {
  try {
    await entryRepository.save(entry);
  // breach: error/swallowed-exception
  } catch (e) {
    log.error('save failed', e);
  }
  queue.push(entry);
}

async function translated(acct, amount) {
  try {
    await ledger.credit(acct, amount);
  // near-miss: translated with its cause
  } catch (e) {
    throw new PostingError(acct, { cause: e });
  }
}

function remove(path) {
  // near-miss: what is removed is needed no more
  try { fs.unlinkSync(path); } catch {}
}
