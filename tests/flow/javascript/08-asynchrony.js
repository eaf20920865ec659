async function fetchText(text) {
  return text;
}

async function awaited(tainted) {
  sink(await fetchText(tainted)); // flow
  sink(await fetchText('x')); // no flow
}

function promised(tainted) {
  const promise = new Promise((resolve) => resolve(tainted));
  promise.then((text) => sink(text)); // flow
  Promise.resolve('x').then((text) => sink(text)); // no flow
}

function late(tainted) {
  let text = 'a';
  setTimeout(() => sink(text), 10); // flow
  sink(text); // no flow
  text = tainted;
}

function timer(tainted) {
  const promise = new Promise((resolve) => setTimeout(() => resolve(tainted), 5));
  promise.then((text) => text + '!').then((text) => {
    sink(text); // flow
  });
}

async function all(tainted) {
  const [first, second] = await Promise.all([fetchText('x'), fetchText(tainted)]);
  sink(first); // no flow
  sink(second); // flow
}

async function failing(text) {
  throw new Error(text);
}

async function rejected(tainted) {
  try {
    await failing(tainted);
    sink(tainted); // no flow
  } catch (error) {
    sink(error.message); // flow
  }
}

async function* parts(text) {
  yield 'a';
  yield text;
}

async function streamed(tainted) {
  for await (const part of parts(tainted)) {
    sink(part); // flow
  }
}
