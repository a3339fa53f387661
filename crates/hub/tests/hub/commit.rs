//! A commit's requests and answers as the Hub has them, and its refusals in words.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::{Value, json};
use tracesift_hub::address::read_repository;
use tracesift_hub::commit::*;
use tracesift_hub::signin;

fn target() -> Target {
    Target {
        hub: "https://huggingface.co".into(),
        repo: "me/my-data".into(),
        token: Secret("hf_secret".into()),
        private: true,
        title: "Add".into(),
    }
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn addresses_are_those_of_the_hub() {
    let target = target();
    assert_eq!(target.whoami_url(), "https://huggingface.co/api/whoami-v2");
    assert_eq!(
        target.create_url(),
        "https://huggingface.co/api/repos/create"
    );
    assert_eq!(
        target.look_url(),
        "https://huggingface.co/api/datasets/me/my-data?expand=sha&expand=private"
    );
    assert_eq!(
        target.preupload_url(),
        "https://huggingface.co/api/datasets/me/my-data/preupload/main"
    );
    assert_eq!(
        target.batch_url(),
        "https://huggingface.co/datasets/me/my-data.git/info/lfs/objects/batch"
    );
    assert_eq!(
        target.commit_url(),
        "https://huggingface.co/api/datasets/me/my-data/commit/main"
    );
    assert_eq!(
        target.commits_url(),
        "https://huggingface.co/api/datasets/me/my-data/commits/main?limit=20"
    );
    assert!(target.is_of_hub("https://huggingface.co/x"));
    for other in [
        "https://huggingface.co.evil.example/x",
        "https://s3.example/huggingface.co/",
        "http://huggingface.co/x",
    ] {
        assert!(!target.is_of_hub(other), "{other}");
    }
}

#[test]
fn no_log_shows_a_token() {
    assert!(!format!("{:?}", target()).contains("hf_secret"));
}

#[test]
fn a_repository_is_created_as_the_user_wants_it() {
    let body = value(&target().create_body());
    assert_eq!(
        body,
        json!({"type": "dataset", "organization": "me", "name": "my-data", "visibility": "private"})
    );
    let public = Target {
        private: false,
        ..target()
    };
    assert_eq!(value(&public.create_body())["visibility"], "public");
}

#[test]
fn names_of_repositories_follow_the_rules_of_the_hub() {
    for good in [
        "me/my-data",
        " me/x ",
        "a.b/c_d",
        "https://huggingface.co/datasets/me/my-data",
    ] {
        assert!(read_repository(good).is_ok(), "{good}");
    }
    let long = format!("me/{}", "x".repeat(97));
    for bad in [
        "", "me", "me/", "/x", "a/b/c", "me/x.git", "me/a--b", "me/a..b", "me/-a", "me/a.", "me/ä",
        "me/a b", &long,
    ] {
        let error = read_repository(bad).unwrap_err().to_string();
        assert!(error.contains("you/name"), "{bad}: {error}");
    }
}

#[test]
fn a_token_says_whose_it_is_and_whether_it_can_write() {
    let of = |token: Value| {
        let body =
            json!({"name": "me", "orgs": [{"name": "team"}], "auth": {"accessToken": token}});
        who(&body.to_string()).unwrap()
    };
    let read = of(json!({"role": "read"}));
    assert_eq!(
        (read.name.as_str(), read.organisations),
        ("me", vec!["team".to_owned()])
    );
    assert!(!read.may_write);
    assert!(of(json!({"role": "write"})).may_write);
    let fine = |right: &str| {
        let scope = json!([{"entity": {"type": "user", "name": "me"}, "permissions": [right]}]);
        of(
            json!({"role": "fineGrained", "fineGrained": {"global": ["discussion.write"], "scoped": scope}}),
        )
    };
    assert!(fine("repo.write").may_write);
    assert!(!fine("repo.content.read").may_write);
    // What the Hub does not say is not a refusal: a sign-in has no token of the user's.
    assert!(of(json!({"role": "fineGrained"})).may_write);
    assert!(
        who(r#"{"name": "me", "auth": {"type": "oauth"}}"#)
            .unwrap()
            .may_write
    );
    assert_eq!(who("[]"), Err(CommitError::Unreadable));
}

#[test]
fn where_the_hub_does_not_say_who_sees_a_repository_nothing_is_sent() {
    let seen = repository(r#"{"id": "me/x", "sha": "abc", "private": true}"#).unwrap();
    assert_eq!((seen.head.as_deref(), seen.is_private), (Some("abc"), true));
    assert_eq!(
        repository(r#"{"id": "me/x", "sha": "abc"}"#),
        Err(CommitError::Unreadable)
    );
}

#[test]
fn the_hub_is_told_how_files_begin_and_says_which_are_large() {
    let file = NewFile {
        path: "a \"b\".jsonl".into(),
        bytes: 7,
        sha256: None,
    };
    let body = value(&preupload_body([(&file, b"{}\n".as_slice())].into_iter()));
    assert_eq!(
        body,
        json!({"files": [{"path": "a \"b\".jsonl", "size": 7, "sample": "e30K"}]})
    );
    let answer = r#"{"files": [{"path": "a", "uploadMode": "regular", "oid": null}, {"path": "b", "uploadMode": "lfs"}]}"#;
    assert_eq!(ways(answer).unwrap(), ["b"]);
}

#[test]
fn large_files_get_to_the_storage_in_one_piece_or_in_parts() {
    let body = value(&batch_body([("aa", 5)].into_iter()));
    assert_eq!(body["transfers"], json!(["basic", "multipart"]));
    assert_eq!(body["objects"], json!([{"oid": "aa", "size": 5}]));
    let answer = json!({"objects": [
        {"oid": "there", "size": 1},
        {"oid": "whole", "size": 2, "actions": {"upload": {"href": "https://s/1", "header": {"x-a": "1"}},
                                                "verify": {"href": "https://h/v"}}},
        {"oid": "parts", "size": 3, "actions": {"upload": {"href": "https://h/done",
            "header": {"chunk_size": "2", "00002": "https://s/p2", "00001": "https://s/p1"}}}},
    ]});
    let read = uploads(&answer.to_string()).unwrap();
    assert_eq!(read[0].way, Way::IsThere);
    assert!(
        matches!(&read[1].way, Way::Whole(address) if address.href == "https://s/1" && address.header["x-a"] == "1")
    );
    assert_eq!(
        read[1].verify.as_ref().map(|a| a.href.as_str()),
        Some("https://h/v")
    );
    let parts = vec!["https://s/p1".to_owned(), "https://s/p2".to_owned()];
    assert_eq!(
        read[2].way,
        Way::Parts {
            size: 2,
            parts,
            complete: "https://h/done".into()
        }
    );

    let gap = json!({"objects": [{"oid": "a", "actions": {"upload": {"href": "h",
        "header": {"chunk_size": "2", "00001": "p", "00003": "p"}}}}]});
    assert_eq!(uploads(&gap.to_string()), Err(CommitError::Unreadable));
    let refusal = json!({"objects": [{"oid": "a", "error": {"code": 422, "message": "too many"}}]});
    assert!(
        uploads(&refusal.to_string())
            .unwrap_err()
            .to_string()
            .contains("too many")
    );

    let done = value(&complete_body(
        "aa",
        &["\"m1\"".to_owned(), "\"m2\"".to_owned()],
    ));
    assert_eq!(done["parts"][1], json!({"partNumber": 2, "etag": "\"m2\""}));
    assert_eq!(
        value(&verify_body("aa", 5)),
        json!({"oid": "aa", "size": 5})
    );
}

proptest! {
    #[test]
    fn a_commit_is_one_json_text_a_line_and_holds_every_byte(
        path in any::<String>(), title in any::<String>(), bytes in prop::collection::vec(any::<u8>(), 0..2000), cut in 1usize..300,
    ) {
        let mut text = header_line(&title, "mark", Some("abc"));
        text.push_str(&small_start(&path));
        bytes.chunks(cut * 3).for_each(|piece| text.push_str(&base64(piece)));
        text.push_str(SMALL_END);
        text.push_str(&large_line(&path, "oid", 9));
        let lines: Vec<Value> = text.lines().map(value).collect();
        prop_assert_eq!(&lines[0]["value"]["summary"], &json!(title));
        prop_assert_eq!(&lines[0]["value"]["parentCommit"], "abc");
        prop_assert_eq!(&lines[0]["value"]["description"], "mark");
        prop_assert_eq!(&lines[1]["value"]["path"], &json!(path));
        let content = lines[1]["value"]["content"].as_str().unwrap();
        prop_assert_eq!(STANDARD.decode(content).unwrap(), bytes);
        prop_assert_eq!(&lines[2]["value"], &json!({"path": path, "algo": "sha256", "oid": "oid", "size": 9}));
        prop_assert_eq!(lines.len(), 3);
    }

    #[test]
    fn no_answer_makes_it_panic_and_every_refusal_says_something(body in any::<String>(), status in prop::option::of(100u16..600)) {
        let _ = (who(&body), repository(&body), ways(&body), uploads(&body), committed(&body), found(&body, "x"), signin::token(&body));
        for asking in [Asking::WhoAmI, Asking::Look, Asking::Create, Asking::Plan, Asking::Store, Asking::Commit] {
            let words = refused(asking, "me/x", status, &body).to_string();
            prop_assert!(words.len() > 30 && words.ends_with('.'), "{}", words);
            prop_assert!(!words.chars().any(|c| c.is_control()), "{:?}", words);
        }
    }
}

#[test]
fn a_commit_is_found_again_by_its_mark() {
    let list = r#"[{"id": "c2", "title": "other", "message": ""}, {"id": "c1", "title": "Add", "message": "by, mark.", "authors": []}]"#;
    assert_eq!(found(list, "by, mark.").unwrap().as_deref(), Some("c1"));
    assert_eq!(found(list, "another").unwrap(), None);
    assert_eq!(
        committed(r#"{"commitOid": "c1", "commitUrl": "u", "hookOutput": ""}"#).unwrap(),
        "c1"
    );
}

#[test]
fn every_refusal_is_the_one_that_it_is() {
    use Asking::*;
    let of = |asking, status| refused(asking, "me/x", Some(status), r#"{"error": "no <b>"}"#);
    let scope = || CommitError::Scope {
        repo: "me/x".into(),
        who: None,
    };
    for (asking, status, expected) in [
        (WhoAmI, 401, CommitError::Token),
        (Create, 403, scope()),
        (Plan, 403, scope()),
        (Commit, 403, scope()),
        (Commit, 412, CommitError::Moved("me/x".into())),
        (Commit, 409, CommitError::Moved("me/x".into())),
        (Commit, 413, CommitError::TooLarge),
        (Store, 403, CommitError::Storage(403)),
        (Store, 503, CommitError::Passing(Some(503))),
        (Plan, 500, CommitError::Passing(Some(500))),
        (Plan, 429, CommitError::Limited),
        (Look, 404, CommitError::NotThere("me/x".into())),
        (
            Create,
            409,
            CommitError::Refused {
                status: 409,
                said: "no <b>".into(),
            },
        ),
    ] {
        assert_eq!(of(asking, status), expected, "{asking:?} {status}");
    }
    assert_eq!(refused(Plan, "me/x", None, ""), CommitError::Passing(None));
    let words = CommitError::Scope {
        repo: "me/x".into(),
        who: Some("me".into()),
    }
    .to_string();
    for word in [
        "me/x",
        "fine-grained",
        "write access",
        "“write”",
        "belongs to me",
    ] {
        assert!(words.contains(word), "{words}");
    }
    let passing = CommitError::Passing(Some(502));
    assert!(passing.is_passing() && passing.to_string().contains("502"));
}

#[test]
fn a_sign_in_asks_for_no_more_than_publishing_needs() {
    let request = signin::request(
        "https://huggingface.co",
        "id",
        "https://me.static.hf.space/",
        &[7; 48],
    );
    let (place, query) = request.url.split_once('?').unwrap();
    assert_eq!(place, "https://huggingface.co/oauth/authorize");
    let pairs: std::collections::BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    assert_eq!(pairs["scope"], "openid profile contribute-repos");
    assert_eq!(pairs["redirect_uri"], "https://me.static.hf.space/");
    assert_eq!(pairs["state"], request.state);
    assert_eq!(
        (
            pairs["code_challenge_method"].as_str(),
            pairs["response_type"].as_str()
        ),
        ("S256", "code")
    );
    // RFC 7636: 43 characters at least, of the unreserved ones.
    assert!(request.verifier.0.len() >= 43 && !request.url.contains(&request.verifier.0));
    assert!(request.state.len() >= 21, "128 bits");
    let token =
        signin::token(r#"{"access_token": "hf_x", "token_type": "bearer", "expires_in": 28800}"#)
            .unwrap();
    assert_eq!(token, Secret("hf_x".into()));
}
