class Account {
  static kind = 'plain';
  branch = 'main';
  #secret;

  constructor(owner) {
    this.owner = owner;
    this.#secret = 'none';
  }

  get label() {
    return 'owner ' + this.owner;
  }

  set label(text) {
    this.owner = text;
  }

  hide(text) {
    this.#secret = text;
  }

  reveal() {
    return this.#secret;
  }

  show() {
    return this.text();
  }

  text() {
    return this.owner;
  }
}

class Masked extends Account {
  constructor(owner) {
    super(owner);
    this.extra = 'e';
  }

  text() {
    return '*';
  }
}

function constructed(tainted) {
  const account = new Account(tainted);
  sink(account.owner); // flow
  sink(account.branch); // no flow
  sink(account.label); // flow
  account.label = 'clean';
  sink(account.owner); // no flow
}

function secrets(tainted) {
  const account = new Account('a');
  sink(account.reveal()); // no flow
  account.hide(tainted);
  sink(account.reveal()); // flow
}

function dispatched(tainted) {
  sink(new Account(tainted).show()); // flow
  sink(new Masked(tainted).show()); // no flow
  sink(new Masked(tainted).owner); // flow
}

function Legacy(text) {
  this.text = text;
}

Legacy.prototype.read = function () {
  return this.text;
};

function prototypes(tainted) {
  sink(new Legacy(tainted).read()); // flow
  sink(new Legacy('x').read()); // no flow
}

function literals(tainted) {
  const counter = {
    text: 'a',
    change(text) {
      this.text = text;
    },
  };
  sink(counter.text); // no flow
  counter.change(tainted);
  sink(counter.text); // flow
}

function statics(tainted) {
  Account.kind = tainted;
  sink(Account.kind); // flow
}

function aliases(tainted) {
  const first = { value: 'a' };
  const second = first;
  second.value = tainted;
  sink(first.value); // flow
  const third = { ...first };
  third.value = 'c';
  sink(first.value); // flow
  sink(third.value); // no flow
}
