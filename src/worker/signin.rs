//! The way to the Hub's page where a user signs in, and the token for the code that comes back.
//! The page itself knows neither secret of that way.

use web_sys::AbortController;

use super::request::{accepted, get, post, random};
use crate::net::fetch::{self, Sent};
use tracesift_hub::commit::{self, Asking, CommitError, Secret};
use tracesift_hub::signin::{self, Code, SignInRequest};

/// The way to the Hub's page where a user signs in; `None` where the browser gives no random numbers.
pub fn request(hub: &str, client: &str, back: &str) -> Option<SignInRequest> {
    Some(signin::request(hub, client, back, &random()?))
}

/// The token for a code, and whose it is.
///
/// # Errors
/// [`CommitError`].
pub async fn sign_in(code: &Code) -> Result<(Secret, String), CommitError> {
    let stop = AbortController::new()
        .map_err(|_| CommitError::Stopped)?
        .signal();
    let (url, body) = (code.url(), code.body());
    let sent = post(&url, "application/x-www-form-urlencoded", &body);
    let answer = fetch::send(sent, &stop).await;
    let token = signin::token(&accepted(answer, Asking::WhoAmI, "")?.body)?;
    let url = commit::whoami_url(&code.hub);
    let asked = Sent {
        token: Some(&token.0),
        ..get(&url)
    };
    let answer = fetch::send(asked, &stop).await;
    let who = commit::who(&accepted(answer, Asking::WhoAmI, "")?.body)?;
    Ok((token, who.name))
}
