//! What there is: who a token belongs to, a repository, its commits; and a new one.

use serde_json::json;

use super::super::log::Asked;
use super::repos::Repos;
use super::{Answer, Outcome, Places, Sent, error, json_of};

pub fn whoami(repos: &Repos, asked: &Asked) -> Outcome {
    Ok(Answer::hub_json(&repos.known(asked)?.described()))
}

pub fn look(repos: &Repos, asked: &Asked, id: &str) -> Outcome {
    let repo = repos.seen(id, asked)?;
    let head = repo.commits.last().map(|commit| &commit.id);
    Ok(Answer::hub_json(
        &json!({"_id": "66", "id": id, "sha": head, "private": repo.private}),
    ))
}

/// The newest first.
pub fn commits(repos: &Repos, asked: &Asked, id: &str) -> Outcome {
    let commits = repos.seen(id, asked)?.commits.iter().rev();
    let limit = asked
        .parameter("limit")
        .and_then(|limit| limit.parse().ok());
    let commits = commits.take(limit.unwrap_or(50)).map(|commit| {
        json!({"id": commit.id, "title": commit.title, "message": commit.message, "authors": [{"user": "me"}],
               "date": "2026-11-25T12:00:00.000Z"})
    });
    Ok(Answer::hub_json(&commits.collect()))
}

pub fn create(repos: &mut Repos, asked: &Asked, sent: &Sent, at: &Places) -> Outcome {
    let account = repos.known(asked)?;
    let wanted = json_of(sent, "application/json")?;
    let text = |key: &str| wanted[key].as_str().unwrap_or_default().to_owned();
    let (namespace, name) = (text("organization"), text("name"));
    if text("type") != "dataset" || name.is_empty() {
        return Err(error(400, "", "Invalid input"));
    }
    if !account.may_create_in(&namespace) {
        let words = format!(
            "You don't have the rights to create a dataset under the namespace \"{namespace}\""
        );
        return Err(error(403, "", &words));
    }
    let id = format!("{namespace}/{name}");
    if repos.repos.contains_key(&id) {
        return Err(error(409, "", "You already created this dataset repo"));
    }
    repos.make(&id, text("visibility") == "private", &account.token);
    Ok(Answer::hub_json(
        &json!({"url": format!("{}/datasets/{id}", at.hub), "name": id, "id": "66"}),
    ))
}
