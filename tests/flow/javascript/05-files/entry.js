import runner, { audit as check, LABEL } from './lib/runner.js';
import * as deep from './lib/deep';
const old = require('./lib/old');

export function one(tainted) {
  runner(tainted);
  check(tainted);
  sink(LABEL); // no flow
  deep.forward(tainted);
  old.keep(tainted);
  old.drop(tainted);
}
