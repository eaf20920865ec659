package bank.core;

public class Runner {
    public static final String LABEL = "core";

    public void run(String text) {
        Sink.sink(text); // flow
    }

    public static void audit(String text) {
        Sink.sink("audit " + text); // flow
    }
}
