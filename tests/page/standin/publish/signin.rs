//! Signing in: the page where a user agrees, and the token for the code that it gives.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::super::answer::Cors;
use super::super::log::Asked;
use super::repos::{Repos, Rights};
use super::{Answer, Outcome, Sent, error};

/// The id of the page that may sign users in.
pub const CLIENT: &str = "page-of-a-space";
/// The token that a sign-in gives.
pub const SIGNED_IN: &str = "hf_by_sign_in";

/// The page where a user agrees, who does so at once.
pub fn authorize(repos: &mut Repos, asked: &Asked) -> Outcome {
    let is = |key: &str, value: &str| asked.parameter(key).as_deref() == Some(value);
    let scopes = asked.parameter("scope").unwrap_or_default();
    let (Some(back), Some(state)) = (asked.parameter("redirect_uri"), asked.parameter("state"))
    else {
        return Err(Answer::html(400, "Invalid request", Cors::None));
    };
    let is_right = is("client_id", CLIENT)
        && is("response_type", "code")
        && is("code_challenge_method", "S256")
        && asked
            .parameter("code_challenge")
            .is_some_and(|challenge| challenge.len() == 43)
        && scopes.split(' ').any(|scope| scope == "contribute-repos");
    if !is_right {
        return Err(Answer::html(400, "Invalid request", Cors::None));
    }
    let code = format!("code-{}", repos.codes.len());
    let (key, value) = if repos.declines {
        ("error", "access_denied")
    } else {
        ("code", code.as_str())
    };
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([(key, value), ("state", &state)])
        .finish();
    repos.codes.insert(code.clone(), asked.clone());
    Ok(Answer::redirect(&format!("{back}?{query}")))
}

/// A code is good once, for who has the verifier.
pub fn token(repos: &mut Repos, sent: &Sent) -> Outcome {
    let pairs: HashMap<_, _> = form_urlencoded::parse(&sent.body).into_owned().collect();
    let value = |key: &str| pairs.get(key).map(String::as_str).unwrap_or_default();
    let refused = || error(400, "", "invalid_grant");
    let asked = repos.codes.remove(value("code")).ok_or_else(refused)?;
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(value("code_verifier")));
    let is_right = value("grant_type") == "authorization_code"
        && sent
            .content_type
            .starts_with("application/x-www-form-urlencoded")
        && asked.parameter("code_challenge") == Some(challenge)
        && asked.parameter("redirect_uri").as_deref() == Some(value("redirect_uri"));
    if !is_right {
        return Err(refused());
    }
    repos.give(SIGNED_IN, "me", Rights::App);
    Ok(Answer::hub_json(
        &json!({"access_token": SIGNED_IN, "token_type": "bearer", "expires_in": 28_800,
        "scope": asked.parameter("scope")}),
    ))
}
