package store.local;

public class Cache {
    private String held;

    public void put(String value) {
        held = value;
    }

    public String take() {
        return held;
    }
}
