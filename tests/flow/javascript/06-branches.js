function dead(tainted) {
  let text = '';
  if (1 > 2) {
    text = tainted;
  }
  sink(text); // no flow
}

function switched(tainted, kind) {
  let text;
  switch (2) {
    case 1:
      text = tainted;
      break;
    case 2:
      text = 'two';
      break;
    default:
      text = tainted;
  }
  sink(text); // no flow
  switch (kind) {
    case 'a':
      text = tainted;
  }
  sink(text); // flow
}

function logical(tainted) {
  sink(null ?? tainted); // flow
  sink('x' ?? tainted); // no flow
  sink('' || tainted); // flow
  sink('x' || tainted); // no flow
  let text = 'a';
  text &&= tainted;
  sink(text); // flow
}

function loops(tainted) {
  let text = '';
  for (let i = 0; i < 3; i++) {
    if (i === 5) text = tainted;
  }
  sink(text); // no flow
  for (const part of ['a', tainted]) text = part;
  sink(text); // flow
  for (const key in { a: tainted }) text = key;
  sink(text); // no flow
  let n = 0;
  while (n < 2) {
    n++;
    if (n === 1) continue;
    text = tainted;
    break;
  }
  sink(text); // flow
}

function allowed(tainted) {
  let order = 'asc';
  if (['asc', 'desc'].includes(tainted)) {
    order = tainted;
  }
  sink(order); // no flow
}

function thrown(tainted) {
  try {
    throw new Error(tainted);
  } catch (error) {
    sink(error.message); // flow
  }
  let text = 'a';
  try {
    text = 'b';
  } finally {
    text = 'c';
  }
  sink(text); // no flow
}
