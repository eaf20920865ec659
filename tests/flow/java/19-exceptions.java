class Failure extends RuntimeException {
    final String detail;
    Failure(String detail) { super("failed"); this.detail = detail; }
}

class Exceptions {
    void message(String tainted) {
        try {
            throw new IllegalStateException(tainted);
        } catch (IllegalStateException error) {
            Sink.sink(error.getMessage()); // flow
        }
    }

    void custom(String tainted) {
        try {
            throw new Failure(tainted);
        } catch (Failure error) {
            Sink.sink(error.detail); // flow
            Sink.sink(error.getMessage()); // no flow
        }
    }

    void after(String tainted) {
        String text = "a";
        try {
            fail();
            text = tainted;
        } catch (RuntimeException error) {
            text = text + "b";
        }
        Sink.sink(text); // no flow
    }

    void fail() { throw new IllegalStateException("always"); }

    void finallyRuns(String tainted) {
        String text = tainted;
        try {
            text = tainted;
        } finally {
            text = "clean";
        }
        Sink.sink(text); // no flow
    }

    void finallySees(String tainted) {
        String text = "a";
        try {
            text = tainted;
            return;
        } finally {
            Sink.sink(text); // flow
        }
    }

    void notCaught(String tainted) {
        String text = "a";
        try {
            int sum = 1 + 2;
        } catch (RuntimeException error) {
            text = tainted;
        }
        Sink.sink(text); // no flow
    }
}
