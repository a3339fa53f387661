//! Publishing to the stand-in by a bare client, step by step, and what it refuses.

use serde_json::{Value, json};

use super::super::client::{ORIGIN, Reply, ask_at, send};
use super::super::dataset::DataSet;
use super::super::fault::{Effect, Fault};
use super::storage::LFS_JSON;
use super::{CLIENT, Rights, STORAGE, StandIn, digest};

const JSON: &str = "application/json";
const NDJSON: &str = "application/x-ndjson";

fn standin() -> StandIn {
    let standin = StandIn::start(vec![DataSet::new("a/b")]);
    let mut repos = standin.repos();
    repos.give("hf_write", "me", Rights::Write);
    repos.give("hf_read", "me", Rights::Read);
    repos.give("hf_fine", "me", Rights::Fine(vec!["me/fine".into()]));
    repos.give("hf_other", "other", Rights::Write);
    repos.make("me/fine", true, "hf_write");
    drop(repos);
    standin
}

fn post(standin: &StandIn, path: &str, token: &str, media_type: &str, body: &str) -> Reply {
    let token = format!("Bearer {token}");
    let headers = [
        ORIGIN,
        ("Authorization", &token),
        ("Content-Type", media_type),
    ];
    send(&standin.url(), "POST", path, &headers, body.as_bytes()).expect("an answer")
}

fn get(standin: &StandIn, path: &str, token: &str) -> Reply {
    let token = format!("Bearer {token}");
    let headers = [ORIGIN, ("Authorization", &token)];
    ask_at(&standin.url(), "GET", path, &headers).expect("an answer")
}

fn put(href: &str, body: &[u8]) -> Reply {
    let (server, path) = href.split_at(href.find(STORAGE).expect("an address of the storage"));
    send(server, "PUT", path, &[ORIGIN], body).expect("an answer")
}

fn header(parent: Option<&Value>) -> String {
    json!({"key": "header", "value": {"summary": "add", "parentCommit": parent}}).to_string()
}

fn small(path: &str, content: &str) -> String {
    json!({"key": "file", "value": {"path": path, "encoding": "base64", "content": content}})
        .to_string()
}

#[test]
fn a_token_says_whose_it_is_and_what_for() {
    let standin = standin();
    let role =
        |token: &str| get(&standin, "/api/whoami-v2", token).json()["auth"]["accessToken"].clone();
    assert_eq!(role("hf_read")["role"], "read");
    assert_eq!(
        role("hf_fine")["fineGrained"]["scoped"][0]["entity"]["name"],
        "me/fine"
    );
    let unknown = get(&standin, "/api/whoami-v2", "hf_none");
    assert_eq!(unknown.status, 401);
    assert_eq!(
        unknown.header("access-control-allow-origin"),
        Some(ORIGIN.1)
    );
}

#[test]
fn repositories_are_created_once_and_by_who_may() {
    let standin = standin();
    let create = |token: &str, namespace: &str, name: &str| {
        let body = json!({"type": "dataset", "organization": namespace, "name": name, "visibility": "private"});
        post(
            &standin,
            "/api/repos/create",
            token,
            JSON,
            &body.to_string(),
        )
        .status
    };
    assert_eq!(create("hf_write", "me", "new"), 200);
    assert_eq!(create("hf_write", "me", "new"), 409);
    assert_eq!(create("hf_write", "other", "new"), 403);
    assert_eq!(create("hf_read", "me", "newer"), 403);
    assert_eq!(create("hf_fine", "me", "newer"), 403);
    assert_eq!(create("hf_none", "me", "newer"), 401);
    let seen = |token: &str| get(&standin, "/api/datasets/me/new?expand=sha", token);
    assert_eq!(seen("hf_write").json()["private"], true);
    assert_eq!(seen("hf_fine").status, 404);
    assert_eq!(seen("hf_other").status, 404);
    assert_eq!(seen("hf_none").status, 401);
}

#[test]
fn small_files_are_part_of_the_commit_and_large_ones_go_to_the_storage() {
    let standin = standin();
    standin.repos().inline_most = 10;
    let (short, long) = (b"0123456789".to_vec(), b"0123456789a".to_vec());
    let body = json!({"files": [{"path": "s", "size": 10, "sample": "MDEyMzQ1Njc4OQ=="},
                                {"path": "l", "size": 11, "sample": "MDEyMzQ1Njc4OWE="}]});
    let modes = post(
        &standin,
        "/api/datasets/me/fine/preupload/main",
        "hf_fine",
        JSON,
        &body.to_string(),
    )
    .json();
    assert_eq!(modes["files"][0]["uploadMode"], "regular");
    assert_eq!(modes["files"][1]["uploadMode"], "lfs");

    let oid = digest(&long);
    let body =
        json!({"operation": "upload", "transfers": ["basic", "multipart"], "hash_algo": "sha_256",
                      "objects": [{"oid": oid, "size": 11}]})
        .to_string();
    let batch = || {
        post(
            &standin,
            "/datasets/me/fine.git/info/lfs/objects/batch",
            "hf_fine",
            LFS_JSON,
            &body,
        )
        .json()
    };
    let actions = batch()["objects"][0]["actions"].clone();
    let href = actions["upload"]["href"].as_str().expect("an address");
    assert_eq!(put(href, &short).status, 400, "other bytes than promised");
    let commit = |parent: Option<&Value>| {
        let large = json!({"key": "lfsFile", "value": {"path": "l", "algo": "sha256", "oid": oid, "size": 11}});
        let lines = [
            header(parent),
            small("s", "MDEyMzQ1Njc4OQ=="),
            large.to_string(),
        ]
        .join("\n");
        post(
            &standin,
            "/api/datasets/me/fine/commit/main",
            "hf_fine",
            NDJSON,
            &lines,
        )
    };
    assert_eq!(commit(None).status, 400, "the storage has no such file");
    assert_eq!(put(href, &long).status, 200);
    assert!(
        batch()["objects"][0].get("actions").is_none(),
        "what is there is not wanted"
    );
    let verify = json!({"oid": oid, "size": 11}).to_string();
    assert_eq!(
        post(
            &standin,
            "/datasets/me/fine.git/info/lfs/verify",
            "hf_fine",
            LFS_JSON,
            &verify
        )
        .status,
        200
    );

    let head = get(&standin, "/api/datasets/me/fine", "hf_fine").json()["sha"].clone();
    assert_eq!(commit(Some(&json!("0000"))).status, 412);
    let done = commit(Some(&head)).json();
    let repos = standin.repos();
    let repo = repos.get("me/fine").expect("the repository");
    assert_eq!((&repo.files["s"], &repo.files["l"]), (&short, &long));
    assert_eq!(repo.commits.len(), 2);
    assert_eq!(done["commitOid"], repo.commits[1].id);
    drop(repos);
    let list = get(
        &standin,
        "/api/datasets/me/fine/commits/main?limit=1",
        "hf_fine",
    )
    .json();
    assert_eq!(
        (&list[0]["id"], &list[0]["title"]),
        (&done["commitOid"], &json!("add"))
    );
    assert!(list.get(1).is_none());
}

#[test]
fn very_large_files_go_in_parts() {
    let standin = standin();
    standin.repos().part_bytes = 4;
    let bytes = b"0123456789".to_vec();
    let oid = digest(&bytes);
    let body =
        json!({"operation": "upload", "transfers": ["basic", "multipart"], "hash_algo": "sha_256",
                      "objects": [{"oid": oid, "size": 10}]})
        .to_string();
    let batch = post(
        &standin,
        "/datasets/me/fine.git/info/lfs/objects/batch",
        "hf_write",
        LFS_JSON,
        &body,
    )
    .json();
    let upload = batch["objects"][0]["actions"]["upload"].clone();
    assert_eq!(upload["header"]["chunk_size"], "4");
    let mut parts: Vec<Value> = Vec::new();
    for (number, bytes) in bytes.chunks(4).enumerate() {
        let href = upload["header"][format!("{:05}", number + 1)]
            .as_str()
            .expect("a part's address");
        assert_eq!(put(href, b"0").status, 400, "a part of another length");
        let reply = put(href, bytes);
        parts.push(json!({"partNumber": number + 1, "etag": reply.header("etag")}));
    }
    let path = "/api/complete_multipart?uploadId=1";
    let complete = |parts: &[Value]| {
        let body = json!({"oid": oid, "parts": parts}).to_string();
        let headers = [ORIGIN, ("Content-Type", LFS_JSON)];
        send(&standin.url(), "POST", path, &headers, body.as_bytes())
            .expect("an answer")
            .status
    };
    assert_eq!(complete(&parts[..2]), 400);
    assert_eq!(complete(&parts), 200);
    assert_eq!(standin.repos().stored(), 1);
}

#[test]
fn who_may_not_write_is_refused_at_every_step() {
    let standin = standin();
    for (path, media_type) in [
        ("/api/datasets/me/fine/preupload/main", JSON),
        ("/datasets/me/fine.git/info/lfs/objects/batch", LFS_JSON),
        ("/api/datasets/me/fine/commit/main", NDJSON),
    ] {
        assert_eq!(
            post(&standin, path, "hf_read", media_type, "{}").status,
            403,
            "{path}"
        );
        assert_eq!(
            post(&standin, path, "hf_other", media_type, "{}").status,
            404,
            "{path}"
        );
        assert_eq!(
            post(&standin, path, "hf_none", media_type, "{}").status,
            401,
            "{path}"
        );
    }
}

#[test]
fn a_browser_may_ask_both_servers() {
    let standin = standin();
    let asks = [
        ORIGIN,
        (
            "Access-Control-Request-Headers",
            "authorization,content-type",
        ),
    ];
    for (server, path) in [
        (standin.url(), "/api/datasets/me/fine/commit/main"),
        (
            standin.url(),
            "/datasets/me/fine.git/info/lfs/objects/batch",
        ),
        (standin.cdn_url(), "/lfs/00?part=0"),
    ] {
        let reply = ask_at(&server, "OPTIONS", path, &asks).expect("an answer");
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(
            reply.header("access-control-allow-headers"),
            Some("authorization,content-type")
        );
        let methods = reply
            .header("access-control-allow-methods")
            .unwrap_or_default();
        assert!(
            methods.contains("PUT") && methods.contains("POST"),
            "{path}: {methods}"
        );
    }
    let closed = ask_at(&standin.cdn_url(), "OPTIONS", "/xet-bridge/00", &asks).expect("an answer");
    assert_eq!(closed.status, 403, "files to read are not asked about");
}

#[test]
fn faults_strike_what_is_sent_too() {
    let standin = standin();
    standin.fail(Fault::on("/api/datasets/me/fine/commit/main", Effect::gateway(502)).times(1));
    let lines = [header(None), small("s", "MDE=")].join("\n");
    let commit = || {
        post(
            &standin,
            "/api/datasets/me/fine/commit/main",
            "hf_write",
            NDJSON,
            &lines,
        )
        .status
    };
    assert_eq!(commit(), 502);
    assert_eq!(
        standin
            .repos()
            .get("me/fine")
            .map(|repo| repo.commits.len()),
        Some(1)
    );
    assert_eq!(commit(), 200);
}

#[test]
fn a_code_is_good_once_for_who_has_the_verifier() {
    let standin = standin();
    // The pair of RFC 7636, appendix B.
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let door = format!(
        "/oauth/authorize?client_id={CLIENT}&response_type=code&scope=openid+contribute-repos&state=s&redirect_uri=http%3A%2F%2Fhere%2F\
         &code_challenge_method=S256&code_challenge={challenge}"
    );
    let code = || {
        let reply = ask_at(&standin.url(), "GET", &door, &[]).expect("an answer");
        assert_eq!(reply.status, 302);
        let place = reply.header("location").expect("a way back").to_owned();
        let code = place
            .strip_prefix("http://here/?code=")
            .and_then(|rest| rest.strip_suffix("&state=s"));
        code.expect("a code and the state").to_owned()
    };
    let redeem = |code: &str, verifier: &str| {
        let body = format!(
            "grant_type=authorization_code&code={code}&redirect_uri=http%3A%2F%2Fhere%2F&code_verifier={verifier}"
        );
        let headers = [
            ORIGIN,
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        send(
            &standin.url(),
            "POST",
            "/oauth/token",
            &headers,
            body.as_bytes(),
        )
        .expect("an answer")
    };
    assert_eq!(redeem(&code(), "another").status, 400);
    let code = code();
    let token = redeem(&code, verifier).json()["access_token"].clone();
    assert_eq!(redeem(&code, verifier).status, 400, "a second time");
    let token = token.as_str().expect("a token");
    assert_eq!(get(&standin, "/api/whoami-v2", token).json()["name"], "me");
    let refused = post(
        &standin,
        "/api/datasets/me/fine/preupload/main",
        token,
        JSON,
        "{}",
    );
    assert_eq!(refused.status, 404, "it did not create this one");
}
