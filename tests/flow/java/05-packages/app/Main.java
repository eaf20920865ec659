package app;

import config.Settings;
import external.Sink;
import java.util.List;
import render.Page;
import render.Template;
import store.local.Cache;

public class Main {
    public void cached(String tainted) {
        Cache cache = new Cache();
        cache.put(tainted);
        Sink.sink(cache.take()); // flow
    }

    public void remote(String tainted) {
        store.remote.Cache cache = new store.remote.Cache();
        cache.put(tainted);
        Sink.sink(cache.take()); // no flow
    }

    public void page(String tainted) {
        Page page = new Page("title", tainted);
        page.show();
    }

    public void title(String tainted) {
        Page page = new Page("title", tainted);
        page.showTitle();
    }

    public void setting(String tainted) {
        Settings.current = tainted;
        Settings.report();
    }

    public void constantSetting(String tainted) {
        Settings.current = tainted;
        Sink.sink(Settings.VERSION); // no flow
    }

    public void rendered(String tainted) {
        String html = Template.render("<p>", tainted);
        Sink.sink(html); // flow
    }

    public void renderedEmpty(String tainted) {
        String html = Template.empty(tainted);
        Sink.sink(html); // no flow
    }

    public void listed(String tainted) {
        List<String> lines = Template.lines(tainted);
        Sink.sink(lines.get(1)); // flow
    }

    public void heading(String tainted) {
        List<String> lines = Template.lines(tainted);
        Sink.sink(lines.get(0)); // no flow
    }
}
