class Loops {
    void counted(String tainted) {
        String text = "";
        for (int i = 0; i < 3; i++) {
            if (i == 5) {
                text = tainted;
            }
        }
        Sink.sink(text); // no flow
    }

    void carried(String tainted) {
        String before = "a";
        String now = "b";
        for (int i = 0; i < 2; i++) {
            Sink.sink(before); // no flow
            before = now;
            now = tainted;
        }
        Sink.sink(now); // flow
    }

    void carriedFar(String tainted) {
        String a = "a", b = "b";
        for (int i = 0; i < 3; i++) {
            a = b;
            b = tainted;
        }
        Sink.sink(a); // flow
    }

    void unknownCount(String tainted, int n) {
        String text = "";
        while (n-- > 0) {
            text += tainted;
        }
        Sink.sink(text); // flow
    }

    void never(String tainted) {
        String text = "x";
        while (false) {
            text = tainted;
        }
        Sink.sink(text); // no flow
    }

    void doWhile(String tainted) {
        String text = "x";
        do {
            text = tainted;
        } while (false);
        Sink.sink(text); // flow
    }

    void each(String tainted) {
        String[] all = {"a", tainted};
        String last = "";
        for (String one : all) {
            last = one;
        }
        Sink.sink(last); // flow
        for (String one : new String[] {"a", "b"}) {
            last = one;
        }
        Sink.sink(last); // no flow
    }

    void broken(String tainted) {
        String text = "a";
        outer:
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                if (j == 1) continue outer;
                if (i == 1) break outer;
                text = "b";
            }
            text = tainted;
        }
        Sink.sink(text); // no flow
    }
}
