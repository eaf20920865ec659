interface Formatter {
    String format(String text);
}

class Plain implements Formatter {
    public String format(String text) { return text; }
}

class Masked implements Formatter {
    public String format(String text) { return "***"; }
}

abstract class Base {
    String apply(String text) { return step(text); }
    abstract String step(String text);
}

class Keeps extends Base {
    String step(String text) { return text + "!"; }
}

class Drops extends Base {
    String step(String text) { return "!"; }
}

class Louder extends Keeps {
    @Override String step(String text) { return super.step("loud"); }
}

class Dispatch {
    private Formatter injected;

    void chosen(String tainted) {
        Formatter plain = new Plain();
        Formatter masked = new Masked();
        Sink.sink(plain.format(tainted)); // flow
        Sink.sink(masked.format(tainted)); // no flow
    }

    void unknown(String tainted) {
        Sink.sink(injected.format(tainted)); // flow
    }

    void template(String tainted) {
        Base keeps = new Keeps();
        Base drops = new Drops();
        Base louder = new Louder();
        Sink.sink(keeps.apply(tainted)); // flow
        Sink.sink(drops.apply(tainted)); // no flow
        Sink.sink(louder.apply(tainted)); // no flow
    }

    String pick(int n) { return "number"; }
    String pick(String s) { return s; }

    void overloaded(String tainted) {
        Sink.sink(pick(tainted)); // flow
        Sink.sink(pick(3)); // no flow
    }
}
