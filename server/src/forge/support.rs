//! Small things that every forge needs: object ids that are some, addresses of repositories, credentials for git.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::forge::http::base;
use crate::forge::http::route::Route;
use crate::forge::{ForgeError, OpenMergeRequest};
use crate::merge_request::ForgeKind;

/// A full object id, as SHA-1 or SHA-256.
pub(crate) fn object_id(text: &str) -> Result<String, ForgeError> {
    let is_id = matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(ForgeError::Unreadable("a commit has no object id".to_owned()))
    }
}

/// The address at which git fetches a repository: `{url}/{path}.git`.
pub(crate) fn repository_url(url: &Url, repository: &str) -> Result<Url, ForgeError> {
    let named = |route: Route| route.named(format_args!("the repository {repository}"));
    let route = repository.split('/').fold(named(Route::new("")), Route::then);
    let address = format!("{}{}.git", base(url), route.render()?);
    Url::parse(&address).map_err(|_| ForgeError::NotFound(format!("the repository {repository}")))
}

/// An `Authorization` header by user and password.
pub(crate) fn basic(user: &str, password: &SecretString) -> SecretString {
    let pair = format!("{user}:{}", password.expose_secret());
    SecretString::from(format!("Basic {}", STANDARD.encode(pair)))
}

/// One repository that is gone or closed to us must not hide the open merge requests of the others: it is told to
/// the operator and left out.
pub(crate) fn skip_unreadable(
    forge: ForgeKind,
    repository: &str,
    list: Result<Vec<OpenMergeRequest>, ForgeError>,
) -> Result<Vec<OpenMergeRequest>, ForgeError> {
    match list {
        Err(error @ (ForgeError::NotFound(_) | ForgeError::Forbidden(_))) => {
            tracing::warn!(forge.kind = %forge, forge.repository = repository, error = %error,
                "the open merge requests of a repository cannot be listed");
            Ok(Vec::new())
        }
        list => list,
    }
}

/// Those that merge into a branch: not every version of a forge can be asked for them alone.
pub(crate) fn into_branch(open: Vec<OpenMergeRequest>, branch: &str) -> Vec<OpenMergeRequest> {
    open.into_iter().filter(|merge_request| merge_request.target_branch == branch).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_fetched_below_the_forges_own_path() {
        let url = Url::parse("https://dev.bank.example/gitlab/").unwrap();
        let address = repository_url(&url, "bank/core/ledger").unwrap();
        assert_eq!(address.as_str(), "https://dev.bank.example/gitlab/bank/core/ledger.git");
        for path in ["../x", "bank/../../x", "", "bank//core", "bank/."] {
            assert!(repository_url(&url, path).is_err(), "{path}");
        }
        let odd = repository_url(&url, "bank/a?b#c@d").unwrap();
        assert_eq!(odd.as_str(), "https://dev.bank.example/gitlab/bank/a%3Fb%23c%40d.git");
    }

    #[test]
    fn an_object_id_is_hexadecimal_and_whole() {
        assert_eq!(object_id(&"A".repeat(40)).unwrap(), "a".repeat(40));
        assert!(object_id(&"a".repeat(64)).is_ok());
        assert!(object_id(&"a".repeat(39)).is_err());
        assert!(object_id("--upload-pack=evil").is_err());
    }
}
