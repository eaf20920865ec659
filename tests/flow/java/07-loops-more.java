import java.util.List;
import java.util.Map;

class Loops {
    void accumulates(String tainted) {
        String line = "";
        for (int i = 0; i < 3; i++) {
            line += tainted;
        }
        Sink.sink(line); // flow
    }

    void accumulatesNothing(String tainted) {
        String line = "";
        for (int i = 0; i < 3; i++) {
            line += "-";
        }
        Sink.sink(line); // no flow
    }

    void carried(String tainted) {
        String previous = "start";
        String current = "start";
        int n = 0;
        while (n < 4) {
            step(previous);
            previous = current;
            current = tainted;
            n++;
        }
    }

    private void step(String s) {
        Sink.sink(s); // flow
    }

    void notCarried(String tainted) {
        String previous = "start";
        int n = 0;
        while (n < 4) {
            String current = tainted;
            stepClean(previous);
            current = "again";
            previous = current;
            n++;
        }
    }

    private void stepClean(String s) {
        Sink.sink(s); // no flow
    }

    void forEachElement(String[] tainted) {
        for (String part : tainted) {
            Sink.sink(part); // flow
        }
    }

    void forEachOther(String[] tainted) {
        String[] parts = {"a", "b"};
        for (String part : parts) {
            Sink.sink(part); // no flow
        }
    }

    void doBodyRuns(String tainted) {
        String s = "init";
        do {
            s = tainted;
        } while (false);
        after(s);
    }

    private void after(String s) {
        Sink.sink(s); // flow
    }

    void forNever(String tainted) {
        String s = "init";
        for (int i = 0; i < 0; i++) {
            s = tainted;
        }
        afterNever(s);
    }

    private void afterNever(String s) {
        Sink.sink(s); // no flow
    }

    void entries(Map<String, String> tainted) {
        StringBuilder q = new StringBuilder();
        for (Map.Entry<String, String> e : tainted.entrySet()) {
            q.append(e.getKey()).append('=').append(e.getValue());
        }
        Sink.sink(q.toString()); // flow
    }

    void entriesReplaced(Map<String, String> tainted) {
        String last = "";
        for (Map.Entry<String, String> e : tainted.entrySet()) {
            last = e.getValue();
            last = "seen";
        }
        Sink.sink(last); // no flow
    }

    void initialiser(String tainted) {
        for (String s = tainted; s.length() < 20; s = s + ".") {
            Sink.sink(s); // flow
        }
    }

    void updateClause(int tainted) {
        int pos = 0;
        for (int k = 0; k < 2; k++, pos += tainted) {
            pos++;
        }
        Sink.sink(pos); // flow
    }

    void updateConstant(int tainted) {
        int pos = tainted;
        for (int k = 0, p = 1; k < 2; k++, p += 2) {
            moved(p);
        }
    }

    private void moved(int p) {
        Sink.sink(p); // no flow
    }

    void fillsByIndex(String tainted) {
        String[] cells = new String[3];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = tainted;
        }
        cell(cells[2]);
    }

    private void cell(String c) {
        Sink.sink(c); // flow
    }

    void lastWins(String tainted) {
        String last = tainted;
        List<String> all = List.of("x", "y");
        int i = 0;
        do {
            last = all.get(i++);
        } while (i < all.size());
        lastSeen(last);
    }

    private void lastSeen(String c) {
        Sink.sink(c); // no flow
    }
}
