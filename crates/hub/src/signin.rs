//! "Sign in with Hugging Face": OAuth with PKCE (RFC 7636, S256), for a page without a server and without a secret.
//! Addresses as in the Hub's documentation of OAuth; the asking and the browser's part are elsewhere.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::commit::{CommitError, Secret};

/// The least that publishing needs: to create repositories, and to write to those that were created so.
pub const SCOPES: &str = "openid profile contribute-repos";

/// A request to sign in (an authorization request of OAuth), and what has to be known when the user comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRequest {
    /// The address at the Hub where the user agrees.
    pub url: String,
    /// What the Hub gives back with the code: an answer without it is not to this question.
    pub state: String,
    /// What proves that who redeems the code is who asked for it.
    pub verifier: Secret,
}

/// A user who came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// The Hub's address.
    pub hub: String,
    /// The page's id at the Hub.
    pub client: String,
    /// The page's own address, as it was given on the way out.
    pub back: String,
    /// The code out of the address.
    pub code: Secret,
    /// [`SignInRequest::verifier`].
    pub verifier: Secret,
}

/// Begins a sign-in. `back`: the page's own address, where the Hub sends the user with the code; `random`: 48 bytes, new
/// and unguessable.
pub fn request(hub: &str, client: &str, back: &str, random: &[u8; 48]) -> SignInRequest {
    let (state, verifier) = random.split_at(16);
    let state = URL_SAFE_NO_PAD.encode(state);
    let verifier = URL_SAFE_NO_PAD.encode(verifier);
    let query = form(&[
        ("client_id", client),
        ("scope", SCOPES),
        ("response_type", "code"),
        ("redirect_uri", back),
        ("state", &state),
        ("code_challenge", &challenge(&verifier)),
        ("code_challenge_method", "S256"),
    ]);
    SignInRequest {
        url: format!("{hub}/oauth/authorize?{query}"),
        state,
        verifier: Secret(verifier),
    }
}

/// RFC 7636, 4.2.
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

impl Code {
    /// Where a code is redeemed.
    pub fn url(&self) -> String {
        format!("{}/oauth/token", self.hub)
    }

    /// What is sent there, as a form.
    pub fn body(&self) -> String {
        form(&[
            ("grant_type", "authorization_code"),
            ("client_id", &self.client),
            ("code", &self.code.0),
            ("redirect_uri", &self.back),
            ("code_verifier", &self.verifier.0),
        ])
    }
}

/// Reads the answer: the access token.
///
/// # Errors
/// [`CommitError::Unreadable`].
pub fn token(body: &str) -> Result<Secret, CommitError> {
    #[derive(Deserialize)]
    struct Answer {
        access_token: Secret,
    }
    let answer: Answer = serde_json::from_str(body).map_err(|_| CommitError::Unreadable)?;
    Ok(answer.access_token)
}

fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_standard() {
        // RFC 7636, appendix B.
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
