class Calls {
    static String same(String text) { return text; }
    static String first(String a, String b) { return a; }
    static void fill(StringBuilder out, String text) { out.append(text); }

    void results(String tainted) {
        String bad = same(tainted);
        String good = same("ok");
        Sink.sink(good); // no flow
        Sink.sink(bad); // flow
    }

    void positions(String tainted) {
        Sink.sink(first(tainted, "b")); // flow
        Sink.sink(first("a", tainted)); // no flow
    }

    void through(String tainted) {
        StringBuilder one = new StringBuilder();
        StringBuilder two = new StringBuilder();
        fill(one, tainted);
        fill(two, "x");
        Sink.sink(two.toString()); // no flow
        Sink.sink(one.toString()); // flow
    }

    String deep(int n, String text) {
        return n == 0 ? text : deep(n - 1, text);
    }

    void recursive(String tainted) {
        Sink.sink(deep(3, tainted)); // flow
        Sink.sink(deep(3, "a")); // no flow
    }

    void varargs(String tainted) {
        Sink.sink(second("a", tainted)); // flow
        Sink.sink(second(tainted, "b")); // no flow
    }

    String second(String... all) { return all[1]; }
}
