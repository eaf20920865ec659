package com.bank.clearing.client

class ClearingClient {
    private val trustAll = object : X509TrustManager {
        override fun checkClientTrusted(chain: Array<X509Certificate>, type: String) {
        }

        // breach: crypto/unverified-peer
        override fun checkServerTrusted(chain: Array<X509Certificate>, type: String) {
        }
    }

    private val pinned = object : X509TrustManager {
        // near-miss: the chain is checked
        override fun checkServerTrusted(chain: Array<X509Certificate>, type: String) {
            delegate.checkServerTrusted(chain, type)
        }
    }

    fun connect(connection: HttpsURLConnection) {
        // breach: crypto/unverified-peer
        connection.hostnameVerifier = HostnameVerifier { _, _ -> true }
        // near-miss: the host is compared
        connection.hostnameVerifier = HostnameVerifier { host, session -> host == session.peerHost }
    }
}
