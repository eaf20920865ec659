import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

class Closures {
    void captured(String tainted) {
        Runnable later = () -> Sink.sink(tainted); // flow
        later.run();
    }

    void capturedOther(String tainted) {
        String fixed = "fixed";
        Runnable later = () -> Sink.sink(fixed); // no flow
        later.run();
    }

    void returned(String tainted) {
        Supplier<String> s = supply(tainted);
        Sink.sink(s.get()); // flow
    }

    private Supplier<String> supply(String x) {
        return () -> x;
    }

    void returnedConstant(String tainted) {
        Supplier<String> s = supplyNothing(tainted);
        Sink.sink(s.get()); // no flow
    }

    private Supplier<String> supplyNothing(String x) {
        return () -> "nothing";
    }

    void curried(String tainted) {
        Function<String, Function<String, String>> pair = a -> b -> a + b;
        Sink.sink(pair.apply("k").apply(tainted)); // flow
    }

    void curriedFirstOnly(String tainted) {
        Function<String, Function<String, String>> first = a -> b -> a;
        Sink.sink(first.apply("k").apply(tainted)); // no flow
    }

    void writesThroughBox(String tainted) {
        String[] box = {"empty"};
        Consumer<String> put = v -> box[0] = v;
        put.accept(tainted);
        unpack(box);
    }

    private void unpack(String[] box) {
        Sink.sink(box[0]); // flow
    }

    void neverCalled(String tainted) {
        String[] box = {"empty"};
        Consumer<String> put = v -> box[0] = tainted;
        unpackEmpty(box);
    }

    private void unpackEmpty(String[] box) {
        Sink.sink(box[0]); // no flow
    }

    void storedInList(String tainted) {
        List<Supplier<String>> all = new ArrayList<>();
        all.add(() -> "a");
        all.add(() -> tainted);
        Sink.sink(all.get(1).get()); // flow
    }

    void storedInListOther(String tainted) {
        List<Supplier<String>> all = new ArrayList<>();
        all.add(() -> "a");
        all.add(() -> tainted);
        Sink.sink(all.get(0).get()); // no flow
    }
}
