package render;

import external.Sink;

public class Page {
    private final String title;
    private final String body;

    public Page(String title, String body) {
        this.title = title;
        this.body = body;
    }

    public void show() {
        Sink.sink(body); // flow
    }

    public void showTitle() {
        Sink.sink(title); // no flow
    }
}
