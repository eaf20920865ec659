export const LABEL = 'core';

export default function run(text) {
  sink(text); // flow
}

export function audit(text) {
  sink('audit ' + text); // flow
}
