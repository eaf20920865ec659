//! A plain HTTP client for proofs: no redirects, no proxies, no retries.

use std::time::Duration;

use reqwest::redirect::Policy;
use serde_json::Value;
use tokio::runtime::Runtime;

/// Sends calls and waits for their answers.
#[derive(Debug)]
pub struct Client {
    runtime: Runtime,
    http: reqwest::Client,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Received {
    /// The status.
    pub status: u16,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Default for Client {
    fn default() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .timeout(Duration::from_secs(30));
        Self { runtime: runtime.expect("a runtime"), http: http.build().expect("a client") }
    }
}

impl Client {
    /// Sends a call. An error where no whole answer came back.
    pub fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(String, String)],
        body: Vec<u8>,
    ) -> Result<Received, String> {
        let method = method.parse().expect("a method");
        let mut request = self.http.request(method, url).body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let whole = async {
            let response = request.send().await?;
            let status = response.status().as_u16();
            let text =
                |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into();
            let headers = response.headers().iter();
            let headers = headers.map(|(name, value)| (name.to_string(), text(value))).collect();
            Ok(Received { status, headers, body: response.bytes().await?.to_vec() })
        };
        self.runtime.block_on(whole).map_err(|error: reqwest::Error| error.to_string())
    }
}

impl Received {
    /// The body as JSON; `null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
