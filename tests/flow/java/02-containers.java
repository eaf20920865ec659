import java.util.*;
import java.util.stream.Collectors;

class Containers {
    void copied(String tainted) {
        List<String> from = List.of("x", tainted);
        List<String> to = new ArrayList<>(from);
        Sink.sink(to.get(1)); // flow
        Sink.sink(to.get(0)); // no flow
    }

    void iterated(String tainted) {
        Set<String> names = new HashSet<>();
        names.add(tainted);
        Iterator<String> each = names.iterator();
        while (each.hasNext()) {
            Sink.sink(each.next()); // flow
        }
    }

    void streamed(String tainted) {
        List<String> upper = Arrays.asList("a", tainted).stream().map(part -> part.toUpperCase()).collect(Collectors.toList());
        Sink.sink(upper.toString()); // flow
        List<Integer> sizes = Arrays.asList("a", tainted).stream().map(part -> 7).collect(Collectors.toList());
        Sink.sink(sizes.get(0).toString()); // no flow
    }

    void filled(String tainted) {
        String[] parts = new String[3];
        Arrays.fill(parts, tainted);
        Sink.sink(parts[2]); // flow
        Arrays.fill(parts, "-");
        Sink.sink(parts[2]); // no flow
    }

    void arrayCopy(char[] tainted) {
        char[] target = new char[8];
        char[] other = new char[8];
        System.arraycopy(tainted, 0, target, 0, 8);
        Sink.sink(new String(target)); // flow
        Sink.sink(new String(other)); // no flow
    }

    void joined(String tainted) {
        Sink.sink(String.join(",", List.of("a", tainted))); // flow
        Sink.sink(String.join(",", List.of("a", "b"))); // no flow
    }
}
