import java.util.function.*;

class Closures {
    void captured(String tainted) {
        Supplier<String> give = () -> tainted;
        Sink.sink(give.get()); // flow
        Supplier<String> fixed = () -> "x";
        Sink.sink(fixed.get()); // no flow
    }

    Function<String, String> maker(String prefix) {
        return text -> prefix + text;
    }

    void returned(String tainted) {
        Sink.sink(maker(tainted).apply("a")); // flow
        Sink.sink(maker("p").apply("a")); // no flow
    }

    void passed(String tainted) {
        use(text -> Sink.sink(text), tainted); // flow
        use(text -> Sink.sink("fixed"), tainted); // no flow
    }

    void use(Consumer<String> consumer, String text) {
        consumer.accept(text);
    }

    void references(String tainted) {
        Function<String, String> trim = String::trim;
        Sink.sink(trim.apply(tainted)); // flow
        Function<String, String> mask = this::mask;
        Sink.sink(mask.apply(tainted)); // no flow
    }

    String mask(String text) { return "*"; }
}
