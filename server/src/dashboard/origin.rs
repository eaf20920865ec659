//! Whether a form was sent from a page of this service, and not from another site in the reader's browser.
//!
//! The headers of a request in; yes or no out. What a browser does not vouch for is no.

use axum::http::{HeaderMap, HeaderName, header};
use url::Url;

static FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether the request comes from this service's own pages.
pub(super) fn is_own(headers: &HeaderMap, public_url: Option<&Url>) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    // The browser itself says it; proxies that rewrite `Host` do not disturb it.
    if let Some(site) = text(&FETCH_SITE) {
        return site == "same-origin";
    }
    let Some(origin) = text(&header::ORIGIN).and_then(|origin| Url::parse(origin).ok()) else { return false };
    let is_public = public_url.is_some_and(|own| own.origin() == origin.origin());
    let host = text(&header::HOST).and_then(|host| Url::parse(&format!("{}://{host}", origin.scheme())).ok());
    is_public || host.is_some_and(|host| host.origin() == origin.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_own_with(headers: &[(&'static str, &'static str)], public_url: Option<&str>) -> bool {
        let pairs = headers.iter().map(|(name, value)| {
            (HeaderName::from_static(name), axum::http::HeaderValue::from_static(value))
        });
        let public_url = public_url.map(|text| Url::parse(text).unwrap());
        is_own(&pairs.collect(), public_url.as_ref())
    }

    #[test]
    fn a_form_of_our_own_page_passes() {
        assert!(is_own_with(&[("sec-fetch-site", "same-origin")], None));
        assert!(is_own_with(&[("origin", "http://127.0.0.1:8787"), ("host", "127.0.0.1:8787")], None));
        assert!(is_own_with(
            &[("origin", "https://review.bank.example"), ("host", "review.bank.example")],
            None
        ));
        let proxied = [("origin", "https://review.bank.example"), ("host", "10.0.0.7:8787")];
        assert!(is_own_with(&proxied, Some("https://review.bank.example/")));
    }

    #[test]
    fn a_form_of_another_site_does_not() {
        assert!(!is_own_with(&[], None), "nobody vouches");
        assert!(!is_own_with(&[("host", "127.0.0.1:8787")], None));
        assert!(!is_own_with(
            &[("sec-fetch-site", "cross-site"), ("origin", "http://a"), ("host", "a")],
            None
        ));
        assert!(!is_own_with(&[("sec-fetch-site", "same-site")], None));
        assert!(!is_own_with(&[("origin", "null"), ("host", "a")], None));
        assert!(!is_own_with(&[("origin", "http://a.evil"), ("host", "a")], Some("http://a")));
        assert!(
            !is_own_with(&[("origin", "http://a:1"), ("host", "a")], None),
            "another port is another site"
        );
    }
}
