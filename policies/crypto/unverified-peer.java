package com.bank.clearing.client;

import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509TrustManager;
import org.apache.http.conn.ssl.NoopHostnameVerifier;

public class ClearingClient {
    private final X509TrustManager trustAll = new X509TrustManager() {
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        // breach: crypto/unverified-peer
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    };

    private final X509TrustManager pinned = new X509TrustManager() {
        // near-miss: the chain is checked
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            delegate.checkServerTrusted(chain, type);
        }
    };

    void connect() {
        // breach: crypto/unverified-peer
        HttpsURLConnection.setDefaultHostnameVerifier((host, session) -> true);
        // near-miss: the host is compared
        HttpsURLConnection.setDefaultHostnameVerifier((host, session) -> host.equals(session.getPeerHost()));
        // near-miss: another question of two parts
        accounts.setFilter((account, branch) -> true);
    }

    CloseableHttpClient client() {
        return HttpClients.custom()
                // breach: crypto/unverified-peer
                .setSSLHostnameVerifier(NoopHostnameVerifier.INSTANCE)
                .build();
    }

    HostnameVerifier verifier() {
        return new HostnameVerifier() {
            // breach: crypto/unverified-peer
            public boolean verify(String host, SSLSession session) {
                return true;
            }
        };
    }

    // near-miss: a signature, not a host
    public boolean verify(String payload, byte[] signature) {
        return true;
    }
}
