package web;

import bank.core.Runner;
import static bank.core.Runner.audit;

class Entry {
    void one(String tainted) {
        new Runner().run(tainted);
        new bank.legacy.Runner().run(tainted);
    }

    void two(String tainted) {
        audit(tainted);
        Sink.sink(Runner.LABEL); // no flow
    }
}
