package render;

import static render.Escapes.close;

import java.util.List;

public class Template {
    public static String render(String open, String text) {
        return open + text + close(open);
    }

    public static String empty(String text) {
        return close("<p>");
    }

    public static List<String> lines(String text) {
        return List.of("heading", text);
    }
}
