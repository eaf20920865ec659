package store.remote;

public class Cache {
    private int sent;

    public void put(String value) {
        sent++;
    }

    public String take() {
        return "accepted";
    }
}
