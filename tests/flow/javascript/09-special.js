function destructured(tainted) {
  const [a, [b, c]] = ['x', [tainted, 'y']];
  sink(a); // no flow
  sink(b); // flow
  sink(c); // no flow
  const { name, kind: label = 'k', ...rest } = { name: tainted, other: 'o' };
  sink(name); // flow
  sink(label); // no flow
  sink(rest); // no flow
  let left = 'l';
  let right = tainted;
  [left, right] = [right, left];
  sink(left); // flow
  sink(right); // no flow
}

function texts(tainted) {
  sink(`name ${tainted}`); // flow
  sink(`name ${1 + 1}`); // no flow
  sink('a'.concat(tainted)); // flow
  sink(tainted.slice(0, 3).trim()); // flow
}

function tag(strings, ...values) {
  return values[1];
}

function tagged(tainted) {
  sink(tag`a ${'x'} b ${tainted}`); // flow
  sink(tag`a ${tainted} b ${'x'}`); // no flow
}

function optional(tainted) {
  const box = { inner: { text: tainted } };
  sink(box?.inner?.text); // flow
  sink(box?.missing?.text); // no flow
}

function comparisons(tainted) {
  sink(tainted === 'a'); // flow
  sink(typeof 'a'); // no flow
}

function* parts(text) {
  yield 'a';
  yield* [text];
}

function generated(tainted) {
  const each = parts(tainted);
  sink(each.next().value); // no flow
  sink(each.next().value); // flow
}

const enumeration = Object.freeze({ LOW: 'low', HIGH: 'high' });

function enumerated(tainted) {
  const text = enumeration.LOW === 'low' ? 'fixed' : tainted;
  sink(text); // no flow
}
