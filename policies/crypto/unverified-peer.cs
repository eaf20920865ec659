using System.Net.Http;
using System.Net.Security;

namespace Bank.Clearing
{
    public class ClearingClient
    {
        public HttpClient Open()
        {
            var handler = new HttpClientHandler();
            // breach: crypto/unverified-peer
            handler.ServerCertificateCustomValidationCallback = (message, certificate, chain, errors) => true;
            return new HttpClient(handler);
        }

        public HttpClient OpenAny()
        {
            var handler = new HttpClientHandler
            {
                // breach: crypto/unverified-peer
                ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
            };
            return new HttpClient(handler);
        }

        public HttpClient OpenRight()
        {
            var handler = new HttpClientHandler();
            // near-miss: the errors decide
            handler.ServerCertificateCustomValidationCallback = (message, certificate, chain, errors) => errors == SslPolicyErrors.None;
            // near-miss: another callback
            handler.Filter = (message, next) => true;
            return new HttpClient(handler);
        }
    }
}
