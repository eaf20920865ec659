import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

class Concurrency {
    private String shared = "idle";
    private final ReentrantLock lock = new ReentrantLock();

    void threadBody(String tainted) {
        Thread worker = new Thread(() -> {
            Sink.sink(tainted); // flow
        });
        worker.start();
    }

    void threadBodyClean(String tainted) {
        String message = "ping";
        Thread worker = new Thread(() -> {
            Sink.sink(message); // no flow
        });
        worker.start();
    }

    static class Job extends Thread {
        private final String payload;

        Job(String payload) {
            this.payload = payload;
        }

        @Override
        public void run() {
            Sink.sink(payload); // flow
        }
    }

    void threadSubclass(String tainted) throws InterruptedException {
        Job job = new Job(tainted);
        job.start();
        job.join();
    }

    static class Tick implements Runnable {
        private final String note;
        private final int count;

        Tick(String note, int count) {
            this.note = note;
            this.count = count;
        }

        @Override
        public void run() {
            Sink.sink(count); // no flow
        }
    }

    void runnableOtherField(String tainted) throws InterruptedException {
        Thread t = new Thread(new Tick(tainted, 3));
        t.start();
        t.join();
    }

    void submitted(String tainted) throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        Future<String> answer = pool.submit(() -> tainted.trim());
        Sink.sink(answer.get()); // flow
        pool.shutdown();
    }

    void submittedClean(String tainted) throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        Future<String> first = pool.submit(() -> tainted.trim());
        Future<String> second = pool.submit(() -> "done");
        Sink.sink(second.get()); // no flow
        pool.shutdown();
    }

    void futureChain(String tainted) {
        CompletableFuture.supplyAsync(() -> tainted)
                .thenApply(s -> "<" + s + ">")
                .thenAccept(this::deliver)
                .join();
    }

    private void deliver(String s) {
        Sink.sink(s); // flow
    }

    void futureChainReplaced(String tainted) {
        CompletableFuture.supplyAsync(() -> tainted)
                .thenApply(s -> "accepted")
                .thenAccept(this::deliverStatus)
                .join();
    }

    private void deliverStatus(String s) {
        Sink.sink(s); // no flow
    }

    void queueBetween(String tainted) throws InterruptedException {
        BlockingQueue<String> queue = new ArrayBlockingQueue<>(2);
        Thread producer = new Thread(() -> queue.offer(tainted));
        producer.start();
        Sink.sink(queue.take()); // flow
    }

    void queueOther(String tainted) throws InterruptedException {
        BlockingQueue<String> in = new ArrayBlockingQueue<>(2);
        BlockingQueue<String> out = new ArrayBlockingQueue<>(2);
        in.put(tainted);
        out.put("ready");
        Sink.sink(out.take()); // no flow
    }

    void joinedThenRead(String tainted) throws InterruptedException {
        AtomicReference<String> slot = new AtomicReference<>("empty");
        Thread t = new Thread(() -> slot.set(tainted));
        t.start();
        t.join();
        Sink.sink(slot.get()); // flow
    }

    void readBeforeStart(String tainted) {
        AtomicReference<String> slot = new AtomicReference<>("empty");
        Thread t = new Thread(() -> slot.set(tainted));
        String before = slot.get();
        t.start();
        Sink.sink(before); // no flow
    }

    void lockedField(String tainted) {
        lock.lock();
        try {
            shared = tainted;
        } finally {
            lock.unlock();
        }
        readLocked();
    }

    private synchronized void readLocked() {
        Sink.sink(shared); // flow
    }

    private String state = "new";

    void synchronizedReset(String tainted) {
        synchronized (this) {
            state = tainted;
            state = "reset";
        }
        readState();
    }

    private void readState() {
        Sink.sink(state); // no flow
    }

    void concurrentMap(String tainted) {
        ConcurrentHashMap<String, String> sessions = new ConcurrentHashMap<>();
        sessions.put("a", "anonymous");
        sessions.putIfAbsent("b", tainted);
        Sink.sink(sessions.get("b")); // flow
    }

    void concurrentMapOther(String tainted) {
        ConcurrentHashMap<String, String> sessions = new ConcurrentHashMap<>();
        sessions.put("a", "anonymous");
        sessions.putIfAbsent("b", tainted);
        Sink.sink(sessions.get("a")); // no flow
    }
}
