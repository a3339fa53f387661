//! The selection into a repository of the Hub: what arrives there, who is refused, and what happens when it goes wrong.
//! Wherever a token is typed, it is looked for afterwards in all places where it must not be.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::browser::{Browser, Download};
use super::rows;
use super::standin::StandIn;
use super::standin::dataset::{DataSet, Split};
use super::standin::fault::{Effect, Fault};
use super::standin::publish::{CLIENT, Rights, SIGNED_IN, STORAGE};
use super::steps;
use super::steps::DOWNLOAD;

/// Long enough for all tries.
const RETRIES: Duration = Duration::from_secs(60);
const STATUS: &str = ".publish [role=status]";
const COMMIT: &str = "/api/datasets/me/there/commit/main";

/// Small files of up to 8 KB, parts of 32 KB: the lines of 60 rows take several parts, the manifest none.
fn standin() -> StandIn {
    let made = rows::small(60);
    let standin = StandIn::start(vec![DataSet::new("a/b").with(Split::of(
        "c",
        "s",
        &made.texts,
    ))]);
    let mut repos = standin.repos();
    repos.inline_most = 8_000;
    repos.part_bytes = 32_000;
    repos.give("hf_write", "me", Rights::Write);
    repos.give("hf_read", "me", Rights::Read);
    repos.give("hf_fine", "me", Rights::Fine(vec!["me/there".into()]));
    repos.make("me/there", true, "hf_write");
    drop(repos);
    standin
}

/// The path of everything at the storage.
fn stored() -> String {
    format!("{STORAGE}*")
}

/// A browser with a selection, and the part of the page for publishing unfolded.
fn open(standin: &StandIn) -> Browser {
    let browser = Browser::start();
    browser.open(&steps::run_of(standin, "a/b", "c", "s", 60));
    browser.wait_until_done();
    browser.press("Publish to the Hub");
    browser
}

fn publish(browser: &Browser, repo: &str, token: &str) {
    browser.fill("Repository", repo);
    browser.fill("Token with write access", token);
    browser.press("Publish");
}

/// Waits until the status holds these words.
fn says(browser: &Browser, words: &str) -> String {
    browser.wait_for(&format!("a status with “{words}”"), RETRIES, |b| {
        Some(b.text_of(STATUS)).filter(|status| status.contains(words))
    })
}

fn files(standin: &StandIn, repo: &str) -> BTreeMap<String, Vec<u8>> {
    let repos = standin.repos();
    let repo = repos.get(repo).expect("the repository is there");
    repo.files.clone()
}

fn was_asked(standin: &StandIn, path: &str) -> bool {
    standin.log().all().iter().any(|asked| asked.path == path)
}

fn commits(standin: &StandIn, repo: &str) -> usize {
    standin
        .repos()
        .get(repo)
        .map_or(0, |repo| repo.commits.len())
}

/// The downloads, after publishing: what was published must be the same.
fn downloads(browser: &Browser) -> [Download; 2] {
    [DOWNLOAD, "Download manifest"].map(|button| browser.download(button))
}

fn are_there(standin: &StandIn, repo: &str, [lines, manifest]: &[Download; 2]) {
    let files = files(standin, repo);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    // A repository that was there keeps its README, and has none of ours.
    let names: Vec<&str> = names
        .into_iter()
        .filter(|name| *name != "README.md")
        .collect();
    assert_eq!(names, [".gitattributes", &lines.name, "manifest.json"]);
    assert!(
        files[&lines.name] == lines.bytes,
        "other lines than downloaded"
    );
    assert!(
        files["manifest.json"] == manifest.bytes,
        "another manifest than downloaded"
    );
}

/// A token is only where it has to be: in the header of what is asked of the Hub.
fn token_is_nowhere(browser: &Browser, standin: &StandIn, token: &str) {
    let kept: String = browser.script(
        "return (async () => {
            const kept = [location.href, document.cookie, JSON.stringify(history.state),
                JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), document.documentElement.outerHTML];
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) {
                    kept.push(request.url, await (await cache.match(request)).text());
                }
            }
            for (const entry of performance.getEntries()) kept.push(entry.name);
            kept.push(...(await indexedDB.databases()).map(base => base.name));
            return kept.join('\\n');
        })()",
        Vec::new(),
    );
    assert!(kept.len() > 1_000, "what is kept was looked at");
    assert!(!kept.contains(token), "the page keeps the token");
    let console = browser.console();
    assert!(
        !console.iter().any(|line| line.message.contains(token)),
        "{console:?}"
    );
    let log = standin.log();
    assert!(!log.url_holds(token), "an address has the token");
    let told: Vec<_> = log
        .all()
        .iter()
        .filter(|asked| asked.token.is_some())
        .collect();
    assert!(
        told.iter()
            .all(|asked| asked.path.starts_with("/api/") || asked.path.contains(".git/")),
        "{told:?}"
    );
}

#[test]
fn the_selection_is_published_to_a_new_private_repository() {
    let standin = standin();
    let browser = open(&standin);
    browser.allow_failed_requests(); // the repository is not there yet
    browser.count_thread_time();
    let before = browser.thread_time();
    publish(&browser, "me/new", "hf_write");
    let status = says(&browser, "Published to a new repository");
    let worked = browser.thread_time() - before;
    assert!(
        worked < Duration::from_secs(2),
        "the page's own thread worked for {worked:?}"
    );
    browser.script::<()>(
        "document.querySelector('.publish').scrollIntoView()",
        Vec::new(),
    );
    browser.screenshot("publish");
    let page = format!("{}/datasets/me/new", standin.url());
    assert!(status.contains(&page), "{status}");
    let link: String = browser.script(
        "return document.querySelector(arguments[0] + ' a').href",
        vec![json!(STATUS)],
    );
    assert_eq!(link, page);
    assert_eq!(commits(&standin, "me/new"), 2);
    assert!(
        standin
            .repos()
            .get("me/new")
            .is_some_and(|repo| repo.private)
    );
    assert_eq!(standin.repos().stored(), 1, "the lines are a large file");
    let given = downloads(&browser);
    are_there(&standin, "me/new", &given);
    let card = files(&standin, "me/new")["README.md"].clone();
    let card = String::from_utf8_lossy(&card).into_owned();
    assert!(
        card.contains(&given[0].name),
        "the card names the lines: {card}"
    );
    let parts = standin
        .log()
        .cdn_requests()
        .iter()
        .filter(|asked| asked.method == "PUT")
        .count();
    assert!(parts > 1, "the lines go in {parts} parts");
    token_is_nowhere(&browser, &standin, "hf_write");
    // A token is forgotten with the page.
    browser.reload();
    browser.wait_until_done();
    browser.press("Publish to the Hub");
    assert_eq!(browser.value("Token with write access"), "");
}

#[test]
fn a_public_repository_is_made_only_where_it_is_chosen() {
    let standin = standin();
    let browser = open(&standin);
    browser.allow_failed_requests();
    browser.script::<()>(
        "[...document.querySelectorAll('.publish label')].find(l => l.textContent.includes('Public')).click()",
        Vec::new(),
    );
    publish(&browser, "me/open", "hf_write");
    says(&browser, "Published to a new repository");
    assert!(
        standin
            .repos()
            .get("me/open")
            .is_some_and(|repo| !repo.private)
    );
}

#[test]
fn files_of_an_existing_repository_are_replaced_and_others_stay() {
    let standin = standin();
    let theirs = BTreeMap::from([
        ("README.md".to_owned(), b"mine".to_vec()),
        ("manifest.json".to_owned(), b"old".to_vec()),
    ]);
    standin.repos().put("me/there", "by hand", theirs);
    let browser = open(&standin);
    // A token for this repository alone is enough.
    publish(&browser, "me/there", "hf_fine");
    let status = says(&browser, "Published: ");
    assert!(status.contains("me/there"), "{status}");
    let [lines, manifest] = downloads(&browser);
    let files = files(&standin, "me/there");
    assert_eq!(files["README.md"], b"mine");
    assert!(files[&lines.name] == lines.bytes && files["manifest.json"] == manifest.bytes);
    assert_eq!(commits(&standin, "me/there"), 3);
    assert!(!was_asked(&standin, "/api/repos/create"));
    // The same once more: what the storage has is not sent again.
    standin.forget();
    browser.press("Publish");
    browser.wait_until("the second commit", |_| commits(&standin, "me/there") == 4);
    assert!(standin.log().cdn_requests().is_empty());
    token_is_nowhere(&browser, &standin, "hf_fine");
}

#[test]
fn nothing_is_sent_to_a_place_that_is_more_open_than_wanted() {
    let standin = standin();
    standin.repos().make("me/open", false, "hf_write");
    let browser = open(&standin);
    publish(&browser, "me/open", "hf_write");
    says(&browser, "is public");
    assert_eq!(commits(&standin, "me/open"), 1);
    assert!(standin.log().cdn_requests().is_empty());
}

#[test]
fn a_token_that_may_not_write_is_told_what_it_needs() {
    let standin = standin();
    let browser = open(&standin);
    browser.allow_failed_requests();
    for (repo, token) in [
        ("me/there", "hf_read"),
        ("me/new", "hf_fine"),
        ("other/x", "hf_write"),
    ] {
        publish(&browser, repo, token);
        let status = says(&browser, &format!("may not write to {repo}"));
        for words in ["belongs to me", "fine-grained", "write access", "“write”"] {
            assert!(status.contains(words), "{status}");
        }
    }
    publish(&browser, "me/there", "hf_wrong");
    says(&browser, "does not know this access token");
    publish(&browser, "not a name", "hf_write");
    says(&browser, "you/name");
    publish(&browser, "me/there", " ");
    says(&browser, "Paste a token");
    assert_eq!(commits(&standin, "me/there"), 1);
    assert_eq!(commits(&standin, "me/new"), 0);
    assert_eq!(standin.repos().stored(), 0);
    for token in ["hf_read", "hf_fine", "hf_write", "hf_wrong"] {
        token_is_nowhere(&browser, &standin, token);
    }
}

#[test]
fn what_fails_in_mid_upload_is_sent_again() {
    let standin = standin();
    standin.fail(Fault::on(&stored(), Effect::Reset).after(1).times(1));
    standin.fail(
        Fault::on(&stored(), Effect::cdn_error(503))
            .after(2)
            .times(1),
    );
    standin.fail(Fault::on(COMMIT, Effect::gateway(502)).times(1));
    let browser = open(&standin);
    browser.allow_failed_requests();
    publish(&browser, "me/there", "hf_write");
    says(&browser, "Published: ");
    are_there(&standin, "me/there", &downloads(&browser));
    assert_eq!(commits(&standin, "me/there"), 2);
}

#[test]
fn an_upload_that_does_not_get_through_is_said_and_can_be_begun_again() {
    let standin = standin();
    standin.fail(Fault::on(&stored(), Effect::cdn_error(503)).after(1));
    let browser = open(&standin);
    browser.allow_failed_requests();
    publish(&browser, "me/there", "hf_write");
    let status = says(&browser, "gave no answer");
    assert!(
        status.contains("503") && status.contains("Nothing was published"),
        "{status}"
    );
    assert_eq!(commits(&standin, "me/there"), 1);
    standin.mend();
    browser.press("Publish");
    says(&browser, "Published: ");
    are_there(&standin, "me/there", &downloads(&browser));
}

#[test]
fn a_commit_whose_answer_is_lost_is_found_and_not_made_twice() {
    // The browser itself sends a request again whose connection broke, and is then told that someone was faster.
    let standin = standin();
    standin.fail(Fault::on(COMMIT, Effect::Reset));
    let browser = open(&standin);
    browser.allow_failed_requests();
    publish(&browser, "me/there", "hf_write");
    says(&browser, "Published: ");
    assert_eq!(commits(&standin, "me/there"), 2);
    // What can't be found out is not guessed.
    standin.fail(Fault::on(
        "/api/datasets/me/there/commits/main",
        Effect::gateway(502),
    ));
    browser.press("Publish");
    says(&browser, "may be in me/there or not");
    assert_eq!(commits(&standin, "me/there"), 3);
}

#[test]
fn what_is_cancelled_leaves_no_commit() {
    let standin = standin();
    let browser = open(&standin);
    browser.allow_failed_requests();
    standin.hold_after(1);
    publish(&browser, "me/there", "hf_write");
    let status = says(&browser, "32 KB of");
    assert!(
        status.starts_with("Sending the files. 32 KB of") && status.contains("a-b-c-s.jsonl"),
        "{status}"
    );
    browser.press("Cancel publishing");
    says(&browser, "Cancelled");
    standin.release();
    browser.wait_until("the end of what was under way", |_| {
        let log = standin.log();
        log.all().iter().all(|asked| asked.ended.is_some())
    });
    assert_eq!(commits(&standin, "me/there"), 1);
    assert_eq!(standin.repos().stored(), 0);
    assert!(browser.find_button("Cancel publishing").is_none());
    // It can be done after all, and nothing of the first try comes late.
    browser.press("Publish");
    says(&browser, "Published: ");
    assert_eq!(commits(&standin, "me/there"), 2);
    are_there(&standin, "me/there", &downloads(&browser));
}

#[test]
fn a_commit_of_someone_else_is_not_passed_over() {
    let standin = standin();
    let browser = open(&standin);
    browser.allow_failed_requests();
    standin.hold_after(1);
    publish(&browser, "me/there", "hf_write");
    says(&browser, "32 KB of");
    standin.repos().put("me/there", "theirs", BTreeMap::new());
    standin.release();
    says(&browser, "Someone else changed me/there");
    assert_eq!(commits(&standin, "me/there"), 2);
}

/// Lets the page know its id at the Hub, as a static Space does.
fn on_a_space(browser: &Browser) {
    let source = format!("window.huggingface = {{variables: {{OAUTH_CLIENT_ID: '{CLIENT}'}}}}");
    browser.cdp(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": source }),
    );
}

#[test]
fn a_sign_in_takes_the_place_of_a_token() {
    let standin = standin();
    let browser = Browser::start();
    let query = steps::run_of(&standin, "a/b", "c", "s", 60);
    browser.open(&query);
    browser.wait_until_done();
    browser.press("Publish to the Hub");
    assert!(
        browser.find_button("Sign in with Hugging Face").is_none(),
        "the page has no id here"
    );

    on_a_space(&browser);
    browser.allow_failed_requests();
    browser.open(&query);
    browser.wait_until_done();
    browser.press("Exclude success");
    browser.wait_until("the address", |b| b.key("outcome").is_some());
    browser.press("Publish to the Hub");
    browser.press("Sign in with Hugging Face");
    says(&browser, "You are signed in as me");
    browser.wait_until_done();
    assert_eq!(
        browser.key("outcome").as_deref(),
        Some("!success"),
        "the same choices"
    );
    for key in ["code", "state"] {
        assert_eq!(browser.key(key), None, "{key} is still in the address");
    }
    assert_eq!(browser.notices(), Vec::<String>::new());
    browser.fill("Repository", "me/signed");
    browser.press("Publish");
    says(&browser, "Published to a new repository");
    are_there(&standin, "me/signed", &downloads(&browser));
    token_is_nowhere(&browser, &standin, SIGNED_IN);
    assert!(!standin.log().url_holds("code_verifier"));
    // It is good for what was created so, and for nothing else.
    browser.fill("Repository", "me/there");
    browser.press("Publish");
    says(&browser, "may not write to me/there");

    standin.repos().declines = true;
    browser.press("Sign in with Hugging Face");
    says(&browser, "did not sign you in");
    assert_eq!(browser.key("error"), None);
}

#[test]
fn a_sign_in_that_was_not_begun_here_does_not_count() {
    let standin = standin();
    let browser = Browser::start();
    on_a_space(&browser);
    browser.open(&format!(
        "{}&code=stolen&state=guessed",
        steps::run_of(&standin, "a/b", "c", "s", 60)
    ));
    says(&browser, "not started here");
    browser.wait_until_done();
    assert_eq!((browser.key("code"), browser.key("state")), (None, None));
    assert_eq!(browser.key("dataset").as_deref(), Some("a/b"));
    assert!(!was_asked(&standin, "/oauth/token"));
}

#[test]
fn a_server_that_is_not_the_hub_is_given_nothing() {
    let standin = standin();
    let browser = Browser::start();
    browser.open(&format!(
        "{}&hub=https://hub.example",
        steps::run_of(&standin, "a/b", "c", "s", 60)
            .replace(&format!("&{}", hub_key(&standin)), "")
    ));
    browser.wait_until_done();
    browser.press("Publish to the Hub");
    publish(&browser, "me/there", "hf_write");
    says(&browser, "hub.example is not a Hugging Face server");
    assert!(
        !browser
            .script::<String>(
                "return performance.getEntriesByType('resource').map(entry => entry.name).join()",
                Vec::new()
            )
            .contains("hub.example")
    );
}

/// `hub=…` as it stands in the address of a run on the stand-in.
fn hub_key(standin: &StandIn) -> String {
    let pairs = [("hub", standin.url())];
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}
