import java.util.concurrent.*;

class Worker implements Runnable {
    private final String job;
    Worker(String job) { this.job = job; }
    public void run() { Sink.sink(job); } // flow
}

class Idle extends Thread {
    String job;
    Idle(String job) { this.job = job; }
    @Override public void run() { Sink.sink("idle"); } // no flow
}

class Concurrency {
    void threads(String tainted) throws Exception {
        Thread thread = new Thread(new Worker(tainted));
        thread.start();
        new Idle(tainted).start();
    }

    void pool(String tainted) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        Future<String> bad = pool.submit(() -> tainted);
        Future<String> good = pool.submit(() -> "fixed");
        Sink.sink(bad.get()); // flow
        Sink.sink(good.get()); // no flow
    }

    void futures(String tainted) {
        Sink.sink(CompletableFuture.supplyAsync(() -> tainted).thenApply(text -> text + "!").join()); // flow
        Sink.sink(CompletableFuture.supplyAsync(() -> tainted).thenApply(text -> "x").join()); // no flow
    }
}
