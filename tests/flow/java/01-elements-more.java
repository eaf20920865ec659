import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

class Elements {
    void secondSlot(String tainted) {
        String[] row = new String[3];
        row[0] = "id";
        row[1] = tainted;
        Sink.sink(row[1]); // flow
    }

    void neighbourSlot(String tainted) {
        String[] row = new String[3];
        row[0] = "id";
        row[1] = tainted;
        Sink.sink(row[0]); // no flow
    }

    void lastAdded(String tainted) {
        List<String> names = new ArrayList<>();
        names.add("first");
        names.add(tainted);
        print(names.get(1));
    }

    private void print(String text) {
        Sink.sink(text); // flow
    }

    void firstAdded(String tainted) {
        List<String> names = new ArrayList<>();
        names.add("first");
        names.add(tainted);
        printFirst(names.get(0));
    }

    private void printFirst(String text) {
        Sink.sink(text); // no flow
    }

    void keyLookup(String tainted) {
        Map<String, String> headers = new HashMap<>();
        headers.put("host", tainted);
        headers.put("accept", "text/plain");
        Sink.sink(headers.get("host")); // flow
    }

    void otherKey(String tainted) {
        Map<String, String> headers = new HashMap<>();
        headers.put("host", tainted);
        headers.put("accept", "text/plain");
        Sink.sink(headers.get("accept")); // no flow
    }

    void keyOverwritten(String tainted) {
        Map<String, String> settings = new HashMap<>();
        settings.put("theme", tainted);
        settings.put("theme", "dark");
        apply(settings);
    }

    private static void apply(Map<String, String> settings) {
        Sink.sink(settings.get("theme")); // no flow
    }

    void keyRestored(String tainted) {
        Map<String, String> settings = new HashMap<>();
        settings.put("theme", "dark");
        settings.put("theme", tainted);
        applyLatest(settings);
    }

    private static void applyLatest(Map<String, String> settings) {
        Sink.sink(settings.get("theme")); // flow
    }

    void cellOfGrid(String tainted) {
        String[][] grid = new String[2][2];
        grid[1][0] = tainted;
        grid[0][1] = "wall";
        Sink.sink(grid[1][0]); // flow
    }

    void cellMirrored(String tainted) {
        String[][] grid = new String[2][2];
        grid[1][0] = tainted;
        grid[0][1] = "wall";
        Sink.sink(grid[0][1]); // no flow
    }

    void removedFromFront(String tainted) {
        List<String> line = new LinkedList<>();
        line.add(tainted);
        line.add("second");
        line.remove(0);
        serve(line.get(0));
    }

    private void serve(String customer) {
        Sink.sink(customer); // no flow
    }

    void removedBehind(String tainted) {
        List<String> line = new LinkedList<>();
        line.add("zeroth");
        line.add(tainted);
        line.remove(0);
        serveNext(line.get(0));
    }

    private void serveNext(String customer) {
        Sink.sink(customer); // flow
    }

    void queueHead(String tainted) {
        Queue<String> jobs = new ArrayDeque<>();
        jobs.offer(tainted);
        jobs.offer("cleanup");
        String head = jobs.poll();
        Sink.sink(head); // flow
    }

    void queueSecond(String tainted) {
        Queue<String> jobs = new ArrayDeque<>();
        jobs.offer(tainted);
        jobs.offer("cleanup");
        jobs.poll();
        String next = jobs.poll();
        Sink.sink(next); // no flow
    }

    void clearedSet(String tainted) {
        Set<String> seen = new HashSet<>();
        seen.add(tainted);
        seen.clear();
        seen.add("only");
        for (String s : seen) {
            Sink.sink(s); // no flow
        }
    }

    void filledSet(String tainted) {
        Set<String> seen = new HashSet<>();
        seen.add("old");
        seen.clear();
        seen.add(tainted);
        for (String s : seen) {
            Sink.sink(s); // flow
        }
    }

    void keysOfMap(String tainted) {
        Map<String, Integer> counts = new HashMap<>();
        counts.put(tainted, 4);
        for (String k : counts.keySet()) {
            countKey(k);
        }
    }

    private void countKey(Object key) {
        Sink.sink(key); // flow
    }

    void valuesOfMap(String tainted) {
        Map<String, Integer> counts = new HashMap<>();
        counts.put(tainted, 4);
        for (Integer v : counts.values()) {
            countValue(v);
        }
    }

    private void countValue(Object value) {
        Sink.sink(value); // no flow
    }

    void stackTop(String tainted) {
        Deque<String> undo = new ArrayDeque<>();
        undo.push("open");
        undo.push(tainted);
        undo.pop();
        Sink.sink(undo.peek()); // no flow
    }

    void stackBelow(String tainted) {
        Deque<String> undo = new ArrayDeque<>();
        undo.push(tainted);
        undo.push("open");
        undo.pop();
        Sink.sink(undo.peek()); // flow
    }
}
