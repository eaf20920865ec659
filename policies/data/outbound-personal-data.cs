namespace Bank.Support;

public class Assistant
{
    public async Task<string> Summarise(Customer customer)
    {
        var prompt = $"Summarise {customer.FullName}, {customer.AccountNumber}: {customer.Transactions}";
        // breach: data/outbound-personal-data
        return await openAiClient.CreateCompletionAsync(prompt);
    }

    public async Task<string> SummariseInside(Customer customer)
    {
        var prompt = $"Summarise {customer.Transactions}";
        // near-miss: the bank's own model, by the name of the client
        return await inHouseModelHttpClient.PostAsync("http://llm.bank.internal/v1", prompt);
    }
}
