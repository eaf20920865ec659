function captured(tainted) {
  let text = 'a';
  const change = () => {
    text = tainted;
  };
  sink(text); // no flow
  change();
  sink(text); // flow
}

const maker = (prefix) => (text) => prefix + text;

function returned(tainted) {
  sink(maker(tainted)('a')); // flow
  sink(maker('p')('a')); // no flow
}

function immediate(tainted) {
  (function (text) {
    sink(text); // flow
  })(tainted);
  ((text) => {
    sink('fixed'); // no flow
  })(tainted);
}

function pick(first, second = 's', ...rest) {
  return rest.length > 0 ? rest[0] : second;
}

function parameters(tainted) {
  sink(pick(tainted)); // no flow
  sink(pick('a', tainted)); // flow
  sink(pick('a', 'b', tainted)); // flow
  sink(pick(...['a', tainted])); // flow
}

function all() {
  return arguments[1];
}

function rebound(tainted) {
  sink(all('a', tainted)); // flow
  sink(all(tainted, 'a')); // no flow
  sink(pick.call(null, 'a', tainted)); // flow
  sink(pick.apply(null, [tainted, 'b'])); // no flow
  sink(pick.bind(null, 'a')(tainted)); // flow
}

function callbacks(tainted) {
  const run = (text, callback) => callback(null, text);
  run(tainted, (error, text) => sink(text)); // flow
  run('x', (error, text) => sink(text)); // no flow
}

var counter = '';

function remember(text) {
  counter = text;
}

function globals(tainted) {
  remember(tainted);
  sink(counter); // flow
  remember('x');
  sink(counter); // no flow
}

function nested({ inner: { text } }, [first]) {
  return text + first;
}

function structured(tainted) {
  sink(nested({ inner: { text: tainted } }, ['a'])); // flow
  sink(nested({ inner: { text: 'x' }, other: tainted }, ['a'])); // no flow
}
