class Account {
    private String owner;
    private String branch = "main";

    Account(String owner) {
        this.owner = owner;
    }

    String getOwner() {
        return owner;
    }

    void setOwner(String owner) {
        this.owner = owner;
    }

    String getBranch() {
        return branch;
    }
}

record Pair(String left, String right) {}

class Objects {
    void constructed(String tainted) {
        Account account = new Account(tainted);
        Sink.sink(account.getOwner()); // flow
        Sink.sink(account.getBranch()); // no flow
    }

    void reset(String tainted) {
        Account account = new Account("x");
        account.setOwner(tainted);
        Sink.sink(account.getOwner()); // flow
        account.setOwner("y");
        Sink.sink(account.getOwner()); // no flow
    }

    void distinct(String tainted) {
        Account first = new Account(tainted);
        Account second = new Account("z");
        Sink.sink(second.getOwner()); // no flow
        Sink.sink(first.getOwner()); // flow
    }

    void records(String tainted) {
        Pair pair = new Pair("a", tainted);
        Sink.sink(pair.left()); // no flow
        Sink.sink(pair.right()); // flow
    }

    void anonymous(String tainted) {
        Runnable run = new Runnable() {
            public void run() {
                Sink.sink(tainted); // flow
            }
        };
        run.run();
    }

    void inner(String tainted) {
        class Holder {
            String held = "a";
            void take() { held = tainted; }
        }
        Holder holder = new Holder();
        Sink.sink(holder.held); // no flow
        holder.take();
        Sink.sink(holder.held); // flow
    }
}
