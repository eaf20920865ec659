import java.util.List;
import java.util.ArrayList;

class CallSites {
    private static String same(String s) {
        return s;
    }

    void taintedCall(String tainted) {
        String a = same(tainted);
        String b = same("plain");
        Sink.sink(a); // flow
    }

    void cleanCall(String tainted) {
        String a = same(tainted);
        String b = same("plain");
        Sink.sink(b); // no flow
    }

    private String second(String x, String y) {
        return y;
    }

    void bySecondPosition(String tainted) {
        got(second("x", tainted));
    }

    private void got(String s) {
        Sink.sink(s); // flow
    }

    void byFirstPosition(String tainted) {
        gotOther(second(tainted, "y"));
    }

    private void gotOther(String s) {
        Sink.sink(s); // no flow
    }

    private void store(String[] into, int at, String what) {
        into[at] = what;
    }

    void writtenThrough(String tainted) {
        String[] a = new String[1];
        String[] b = new String[1];
        store(a, 0, tainted);
        store(b, 0, "b");
        Sink.sink(a[0]); // flow
    }

    void writtenThroughOther(String tainted) {
        String[] a = new String[1];
        String[] b = new String[1];
        store(a, 0, tainted);
        store(b, 0, "b");
        Sink.sink(b[0]); // no flow
    }

    private String wrap(String s, int depth) {
        if (depth == 0) {
            return s;
        }
        return "(" + wrap(s, depth - 1) + ")";
    }

    void recursive(String tainted) {
        wrap("const", 2);
        Sink.sink(wrap(tainted, 3)); // flow
    }

    void recursiveClean(String tainted) {
        wrap(tainted, 3);
        Sink.sink(wrap("const", 2)); // no flow
    }

    static class Cell {
        String v = "";

        Cell set(String v) {
            this.v = v;
            return this;
        }
    }

    private Cell fill(Cell c, String s) {
        return c.set(s);
    }

    void throughReceiver(String tainted) {
        Cell one = fill(new Cell(), tainted);
        Cell two = fill(new Cell(), "two");
        open(one);
    }

    private void open(Cell c) {
        Sink.sink(c.v); // flow
    }

    void throughReceiverOther(String tainted) {
        Cell one = fill(new Cell(), tainted);
        Cell two = fill(new Cell(), "two");
        openTwo(two);
    }

    private void openTwo(Cell c) {
        Sink.sink(c.v); // no flow
    }

    private void collect(List<String> to, String s) {
        to.add(s);
    }

    void twoLists(String tainted) {
        List<String> errors = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        collect(errors, "e1");
        collect(notes, tainted);
        Sink.sink(errors); // no flow
    }

    void oneOfTwoLists(String tainted) {
        List<String> errors = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        collect(errors, "e1");
        collect(notes, tainted);
        Sink.sink(notes); // flow
    }

    private void parameterReassigned(String s, String with) {
        s = with;
    }

    void notByReference(String tainted) {
        String local = "kept";
        parameterReassigned(local, tainted);
        Sink.sink(local); // no flow
    }
}
