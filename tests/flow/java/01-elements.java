import java.util.*;

class Elements {
    void listIndex(String tainted) {
        List<String> rows = new ArrayList<>();
        rows.add("head");
        rows.add(tainted);
        Sink.sink(rows.get(1)); // flow
        Sink.sink(rows.get(0)); // no flow
    }

    void mapKeys(String tainted) {
        Map<String, String> account = new HashMap<>();
        account.put("iban", tainted);
        account.put("currency", "CNY");
        String currency = account.get("currency");
        Sink.sink(currency); // no flow
        Sink.sink(account.get("iban")); // flow
    }

    void removed(String tainted) {
        List<String> queue = new LinkedList<>();
        queue.add(tainted);
        queue.add("tail");
        queue.remove(0);
        Sink.sink(queue.get(0)); // no flow
    }

    void inserted(String tainted) {
        List<String> queue = new ArrayList<>();
        queue.add("a");
        queue.add(0, tainted);
        Sink.sink(queue.get(0)); // flow
        Sink.sink(queue.get(1)); // no flow
    }

    void cleared(String tainted) {
        Map<String, String> cache = new TreeMap<>();
        cache.put("k", tainted);
        cache.clear();
        cache.put("k", "x");
        Sink.sink(cache.get("k")); // no flow
    }

    void nested(String tainted) {
        String[][] grid = new String[2][2];
        grid[0][1] = tainted;
        grid[1][1] = "free";
        Sink.sink(grid[1][1]); // no flow
        Sink.sink(grid[0][1]); // flow
    }

    void overwritten(String tainted) {
        String[] lines = {"a", tainted, "c"};
        Sink.sink(lines[1]); // flow
        lines[1] = "b";
        Sink.sink(lines[1]); // no flow
    }

    void keysAndValues(String tainted) {
        Map<String, String> byName = new LinkedHashMap<>();
        byName.put(tainted, "fixed");
        for (String value : byName.values()) {
            Sink.sink(value); // no flow
        }
        for (String key : byName.keySet()) {
            Sink.sink(key); // flow
        }
    }

    void deque(String tainted) {
        Deque<String> stack = new ArrayDeque<>();
        stack.push(tainted);
        stack.push("top");
        Sink.sink(stack.pop()); // no flow
        Sink.sink(stack.pop()); // flow
    }
}
