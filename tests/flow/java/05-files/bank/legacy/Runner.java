package bank.legacy;

public class Runner {
    public void run(String text) {
        text = "masked";
        Sink.sink(text); // no flow
    }
}
