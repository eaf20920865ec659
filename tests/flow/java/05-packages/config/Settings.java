package config;

import external.Sink;

public final class Settings {
    public static final String VERSION = "1.4";
    public static String current = "default";

    private Settings() {
    }

    public static void report() {
        Sink.sink(current); // flow
    }
}
