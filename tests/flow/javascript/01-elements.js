function arrayIndex(tainted) {
  const rows = ['head', tainted];
  sink(rows[1]); // flow
  sink(rows[0]); // no flow
}

function objectKeys(tainted) {
  const account = { iban: tainted, currency: 'CNY' };
  sink(account.currency); // no flow
  sink(account['iban']); // flow
  const key = 'cur' + 'rency';
  sink(account[key]); // no flow
}

function maps(tainted) {
  const cache = new Map([['a', tainted]]);
  cache.set('b', 'x');
  sink(cache.get('a')); // flow
  sink(cache.get('b')); // no flow
  cache.delete('a');
  sink(cache.get('a')); // no flow
}

function spliced(tainted) {
  const rows = ['a', tainted, 'c'];
  const gone = rows.splice(1, 1);
  sink(rows[1]); // no flow
  sink(gone[0]); // flow
}

function queue(tainted) {
  const line = [];
  line.push('first');
  line.push(tainted);
  sink(line.shift()); // no flow
  sink(line.pop()); // flow
}

function grid(tainted) {
  const cells = [['a', tainted], ['b', 'c']];
  sink(cells[0][1]); // flow
  sink(cells[1][1]); // no flow
}

function deleted(tainted) {
  const box = { a: tainted };
  delete box.a;
  sink(box.a); // no flow
}

function copied(tainted) {
  const all = [...['x'], tainted];
  sink(all[0]); // no flow
  sink(all[1]); // flow
  const merged = { ...{ a: tainted }, b: 'b', a: 'a' };
  sink(merged.a); // no flow
  const filled = new Array(3).fill(tainted);
  sink(filled[2]); // flow
}

function sets(tainted) {
  const names = new Set();
  names.add(tainted);
  for (const name of names) {
    sink(name); // flow
  }
}

function library(tainted) {
  sink(['a', tainted].map((part) => part + '!')[1]); // flow
  sink(['a', tainted].map((part) => part + '!')[0]); // no flow
  sink(['a', tainted].reduce((left, right) => left + right)); // flow
  sink(['a', tainted].filter((part, index) => index < 1)); // no flow
  sink(Object.values({ a: tainted })[0]); // flow
  sink(Object.keys({ a: tainted })[0]); // no flow
}
