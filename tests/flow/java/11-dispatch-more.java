class Dispatch {
    interface Codec {
        String encode(String in);
    }

    static class Plain implements Codec {
        public String encode(String in) {
            return in;
        }
    }

    static class Blank implements Codec {
        public String encode(String in) {
            return "blank";
        }
    }

    void plainCodec(String tainted) {
        Codec codec = new Plain();
        Sink.sink(codec.encode(tainted)); // flow
    }

    void blankCodec(String tainted) {
        Codec codec = new Blank();
        Sink.sink(codec.encode(tainted)); // no flow
    }

    void eitherCodec(String tainted, boolean keep) {
        Codec codec = keep ? new Plain() : new Blank();
        use(codec.encode(tainted));
    }

    private void use(String s) {
        Sink.sink(s); // flow
    }

    void reassignedCodec(String tainted) {
        Codec codec = new Plain();
        codec = new Blank();
        useBlank(codec.encode(tainted));
    }

    private void useBlank(String s) {
        Sink.sink(s); // no flow
    }

    abstract static class Handler {
        void handle(String in) {
            finish(prepare(in));
        }

        abstract String prepare(String in);

        abstract void finish(String out);
    }

    static class Echo extends Handler {
        String prepare(String in) {
            return in.toLowerCase();
        }

        void finish(String out) {
            Sink.sink(out); // flow
        }
    }

    static class Stub extends Handler {
        String prepare(String in) {
            return "stub";
        }

        void finish(String out) {
            Sink.sink(out); // no flow
        }
    }

    void templateMethod(String tainted) {
        Handler h = new Echo();
        h.handle(tainted);
    }

    void templateMethodStub(String tainted) {
        Handler h = new Stub();
        h.handle(tainted);
    }

    static class Base {
        String name(String in) {
            return in;
        }
    }

    static class Quoted extends Base {
        @Override
        String name(String in) {
            return "'" + super.name(in) + "'";
        }
    }

    static class Silent extends Base {
        @Override
        String name(String in) {
            super.name(in);
            return "''";
        }
    }

    void superResult(String tainted) {
        Base b = new Quoted();
        Sink.sink(b.name(tainted)); // flow
    }

    void superIgnored(String tainted) {
        Base b = new Silent();
        Sink.sink(b.name(tainted)); // no flow
    }

    private String pick(String s) {
        return s;
    }

    private String pick(Object o) {
        return "object";
    }

    private String pick(String s, int n) {
        return "number " + n;
    }

    void overloadExact(String tainted) {
        Sink.sink(pick(tainted)); // flow
    }

    void overloadByCount(String tainted) {
        counted(pick(tainted, 2));
    }

    private void counted(String s) {
        Sink.sink(s); // no flow
    }

    interface Greeter {
        default String greet(String who) {
            return "hi " + who;
        }
    }

    static class Formal implements Greeter {
    }

    static class Rude implements Greeter {
        public String greet(String who) {
            return "hmpf";
        }
    }

    void defaultMethod(String tainted) {
        Greeter g = new Formal();
        greeted(g.greet(tainted));
    }

    private void greeted(String s) {
        Sink.sink(s); // flow
    }

    void defaultOverridden(String tainted) {
        Greeter g = new Rude();
        Sink.sink(g.greet(tainted)); // no flow
    }
}
