async function accrue(day) {
  // breach: concurrency/unsafe-distributed-lock
  if (await redis.set(`accrue:${day}`, '1', 'NX')) await postInterest(day);
  await redis.del(`accrue:${day}`);
}

async function accrueGuarded(day, token) {
  if (!(await redis.set(`accrue:${day}`, token, 'PX', 300000, 'NX'))) return;
  // near-miss: a unique row of job and day
  if (await control.insertOnce('accrue', day)) await postInterest(day);
  await redis.eval(COMPARE_AND_DELETE, 1, `accrue:${day}`, token);
}
