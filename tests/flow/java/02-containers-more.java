import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.Vector;
import java.util.stream.Collectors;

class Containers {
    void literalArray(String tainted) {
        String[] args = {"ls", "-l", tainted};
        Sink.sink(args); // flow
    }

    void literalArrayOfConstants(String tainted) {
        String[] args = {"ls", "-l", "tainted"};
        Sink.sink(args); // no flow
    }

    void copyOfArray(String[] tainted) {
        String[] copy = Arrays.copyOf(tainted, tainted.length);
        first(copy);
    }

    private void first(String[] items) {
        Sink.sink(items[0]); // flow
    }

    void copyOfAnother(String[] tainted) {
        String[] base = {"a", "b", "c"};
        String[] copy = Arrays.copyOf(base, 2);
        firstOfBase(copy);
    }

    private void firstOfBase(String[] items) {
        Sink.sink(items[0]); // no flow
    }

    void wholeListCopied(String tainted) {
        List<String> inbox = new ArrayList<>();
        inbox.add(tainted);
        List<String> archive = new ArrayList<>(inbox);
        Sink.sink(archive.get(0)); // flow
    }

    void copiedBeforeAdding(String tainted) {
        List<String> inbox = new ArrayList<>();
        inbox.add("hello");
        List<String> archive = new ArrayList<>(inbox);
        inbox.add(tainted);
        Sink.sink(archive.toString()); // no flow
    }

    void addAllMerges(String tainted) {
        List<String> left = new Vector<>();
        List<String> right = List.of("x", tainted);
        left.addAll(right);
        merged(left);
    }

    private static void merged(List<String> all) {
        for (String s : all) {
            Sink.sink(s); // flow
        }
    }

    void addAllWrongWay(String tainted) {
        List<String> left = new Vector<>();
        List<String> right = new ArrayList<>(List.of("x", tainted));
        right.addAll(left);
        notMerged(left);
    }

    private static void notMerged(List<String> all) {
        Sink.sink(all); // no flow
    }

    void filledArray(char tainted) {
        char[] mask = new char[8];
        Arrays.fill(mask, tainted);
        Sink.sink(new String(mask)); // flow
    }

    void filledAgain(char tainted) {
        char[] mask = new char[8];
        Arrays.fill(mask, tainted);
        mask = new char[8];
        Arrays.fill(mask, '*');
        Sink.sink(new String(mask)); // no flow
    }

    void putAllInto(Map<String, String> tainted) {
        Map<String, String> all = new LinkedHashMap<>();
        all.putAll(tainted);
        Sink.sink(all.values()); // flow
    }

    void putAllElsewhere(Map<String, String> tainted) {
        Map<String, String> all = new LinkedHashMap<>();
        Map<String, String> defaults = Map.of("size", "10");
        all.putAll(defaults);
        Sink.sink(all.values()); // no flow
    }

    void iteratorNext(String tainted) {
        TreeSet<String> words = new TreeSet<>();
        words.add(tainted);
        Iterator<String> it = words.iterator();
        consume(it.next());
    }

    private void consume(String word) {
        Sink.sink(word); // flow
    }

    void iteratorOfOther(String tainted) {
        TreeSet<String> words = new TreeSet<>();
        TreeSet<String> stop = new TreeSet<>(Arrays.asList("a", "the"));
        words.add(tainted);
        Iterator<String> it = stop.iterator();
        consumeStop(it.next());
    }

    private void consumeStop(String word) {
        Sink.sink(word); // no flow
    }

    void reversedAndJoined(List<String> tainted) {
        Collections.reverse(tainted);
        String line = String.join(",", tainted);
        Sink.sink(line); // flow
    }

    void streamCollected(String tainted) {
        List<String> raw = List.of(tainted, "b");
        List<String> kept = raw.stream().filter(s -> !s.isEmpty()).collect(Collectors.toList());
        Sink.sink(kept); // flow
    }

    void streamOfConstants(String tainted) {
        List<String> raw = new ArrayList<>();
        raw.add(tainted);
        List<String> kept = List.of("a", "b").stream().map(String::trim).collect(Collectors.toList());
        Sink.sink(kept); // no flow
    }

    void optionalHolds(String tainted) {
        Optional<String> name = Optional.of(tainted);
        greet(name.orElse("nobody"));
    }

    private void greet(String name) {
        Sink.sink("hello " + name); // flow
    }

    void optionalEmpty(String tainted) {
        Optional<String> name = Optional.of(tainted);
        name = Optional.empty();
        greetNobody(name.orElse("nobody"));
    }

    private void greetNobody(String name) {
        Sink.sink("hello " + name); // no flow
    }

    static class Bag<T> {
        private final List<T> items = new ArrayList<>();

        void drop(T item) {
            items.add(item);
        }

        T draw() {
            return items.remove(items.size() - 1);
        }
    }

    void genericBag(String tainted) {
        Bag<String> bag = new Bag<>();
        bag.drop(tainted);
        Sink.sink(bag.draw()); // flow
    }

    void twoBags(String tainted) {
        Bag<String> hot = new Bag<>();
        Bag<String> cold = new Bag<>();
        hot.drop(tainted);
        cold.drop("ice");
        Sink.sink(cold.draw()); // no flow
    }
}
