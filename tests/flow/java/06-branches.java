class Branches {
    void dead(String tainted) {
        String text = "";
        if (1 > 2) {
            text = tainted;
        } else {
            text = "_";
        }
        Sink.sink(text); // no flow
    }

    void taken(String tainted) {
        String text = "";
        if (2 > 1) {
            text = tainted;
        }
        Sink.sink(text); // flow
    }

    void joined(String tainted, boolean flag) {
        String text = "a";
        if (flag) {
            text = tainted;
        }
        Sink.sink(text); // flow
    }

    void switched(String tainted) {
        int kind = 2;
        String text;
        switch (kind) {
            case 1:
                text = tainted;
                break;
            case 2:
                text = "two";
                break;
            default:
                text = tainted;
        }
        Sink.sink(text); // no flow
    }

    void fallsThrough(String tainted) {
        String text = "";
        switch (1) {
            case 1:
                text = "one";
            case 2:
                text = tainted;
        }
        Sink.sink(text); // flow
    }

    void arrow(String tainted, int kind) {
        String text = switch (kind) {
            case 1 -> "one";
            default -> tainted;
        };
        Sink.sink(text); // flow
        String other = switch (1) {
            case 1 -> "one";
            default -> tainted;
        };
        Sink.sink(other); // no flow
    }

    void ternary(String tainted) {
        int sum = 7 * 18 + 106;
        String text = sum > 200 ? "fixed" : tainted;
        Sink.sink(text); // no flow
        String other = sum < 200 ? "fixed" : tainted;
        Sink.sink(other); // flow
    }

    void allowed(String tainted) {
        String order = "asc";
        if ("desc".equals(tainted)) {
            order = tainted;
        }
        Sink.sink(order); // no flow
    }
}
