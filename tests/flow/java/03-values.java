class Values {
    void building(String tainted) {
        StringBuilder text = new StringBuilder("select ");
        text.append(tainted).append(" from t");
        Sink.sink(text.toString()); // flow
        StringBuilder other = new StringBuilder();
        other.append("fixed");
        Sink.sink(other.toString()); // no flow
    }

    void reset(String tainted) {
        StringBuilder text = new StringBuilder();
        text.append(tainted);
        text = new StringBuilder();
        text.append("y");
        Sink.sink(text.toString()); // no flow
    }

    void chars(String tainted) {
        char first = tainted.charAt(0);
        Sink.sink(String.valueOf(first)); // flow
        char fixed = "abc".charAt(1);
        Sink.sink(String.valueOf(fixed)); // no flow
    }

    void numbers(int tainted) {
        Integer boxed = tainted;
        long wide = boxed + 1L;
        Sink.sink(Long.toString(wide)); // flow
        int other = tainted;
        other = 5;
        Sink.sink(Integer.toString(other)); // no flow
    }

    void formatted(String tainted) {
        Sink.sink(String.format("%s-%d", tainted, 3)); // flow
        Sink.sink(String.format("%s-%d", "a", 3)); // no flow
    }

    void compound(String tainted) {
        String text = "a";
        text += tainted;
        Sink.sink(text); // flow
        String clean = "b";
        clean += "c";
        Sink.sink(clean); // no flow
    }
}
