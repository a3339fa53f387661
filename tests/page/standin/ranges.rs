//! The way to the bytes of Parquet files is that of the services: list, redirect, signed address, ranges.
//! Asked by a bare HTTP client, as in `tests.rs`.

use std::panic::catch_unwind;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::StandIn;
use super::client::{ORIGIN, Reply, ask, ask_at, get};
use super::dataset::{DataSet, REVISION, Split};
use super::fault::{CDN, Effect, Fault, Framing, RESOLVER};
use super::log::Log;
use crate::rows;
use crate::steps::check_manners;
use crate::support::parquet::{Options, read_parquet, write_parquet};

const BRANCH: &str = "resolve/refs%2Fconvert%2Fparquet";

/// 100,000 bytes, each its own place modulo 251.
fn bytes() -> Vec<u8> {
    (0..100_000_u32).map(|at| (at % 251) as u8).collect()
}

fn split(config: &str, name: &str) -> Split {
    Split::of(config, name, &[json!({"id": 1, "m": ["a"]}).to_string()])
}

fn standin() -> StandIn {
    StandIn::start(vec![
        DataSet::new("a/b").with(split("c", "s").with_files([bytes(), vec![7; 10]])),
        DataSet::new("a/closed")
            .with(split("c", "s").with_files([bytes()]))
            .gated(),
    ])
}

fn file(number: usize) -> String {
    format!("/datasets/a/b/{BRANCH}/c/s/{number:04}.parquet")
}

/// The signed address of a file.
fn signed(standin: &StandIn, file: &str) -> String {
    let reply = get(standin, file);
    assert_eq!(reply.status, 302, "{file}");
    reply.header("location").expect("an address").to_owned()
}

/// Asks at a signed address.
fn at(address: &str, method: &str, headers: &[(&str, &str)]) -> std::io::Result<Reply> {
    let start = address.find("/xet-bridge/").expect("an address of bytes");
    let (server, target) = address.split_at(start);
    ask_at(server, method, target, headers)
}

fn range(address: &str, range: &str) -> Reply {
    at(address, "GET", &[("Origin", "null"), ("Range", range)]).expect("an answer")
}

fn manners_hold(log: &Log) -> bool {
    catch_unwind(|| check_manners(log)).is_ok()
}

#[test]
fn files_are_listed_by_config_split_and_name() {
    let set = || {
        DataSet::new("a/b")
            .with(split("d", "train").with_files([vec![1; 5]]))
            .with(split("c", "train").with_files([vec![1; 7], vec![1; 8]]))
            .with(split("c", "test").with_files([vec![1; 9]]))
            .with(split("c", "empty"))
            .with_failed("bad", "Couldn't cast")
            .with_pending("later")
    };
    let standin = StandIn::start(vec![set()]);
    let reply = get(&standin, "/parquet?dataset=a/b");
    assert_eq!(reply.header("x-revision"), Some(REVISION));
    let list = reply.json();
    let names = list["parquet_files"].as_array().expect("a list");
    let hub = standin.url();
    assert_eq!(
        names[0],
        json!({"dataset": "a/b", "config": "c", "split": "test", "filename": "0000.parquet", "size": 9,
               "url": format!("{hub}/datasets/a/b/resolve/refs%2Fconvert%2Fparquet/c/test/0000.parquet")})
    );
    let sizes: Vec<&Value> = names.iter().map(|file| &file["size"]).collect();
    assert_eq!(sizes, [9, 7, 8, 5]);
    assert_eq!(names[2]["filename"], "0001.parquet");
    assert_eq!(list["partial"], false);
    assert_eq!(list["pending"][0]["config"], "later");
    assert_eq!(list["failed"][0]["config"], "bad");

    let one = get(&standin, "/parquet?dataset=a/b&config=d").json();
    assert_eq!(one["parquet_files"].as_array().map(Vec::len), Some(1));
    assert_eq!(one["features"]["m"][0]["dtype"], "string");
    assert!(one.get("pending").is_none() && one.get("failed").is_none());
    assert_eq!(get(&standin, "/parquet?dataset=a/b&config=e").status, 404);

    let size = get(&standin, "/size?dataset=a/b&config=c").json();
    assert_eq!(size["size"]["splits"][0]["num_bytes_parquet_files"], 15);
}

#[test]
fn a_part_of_a_dataset_lies_in_a_folder_that_says_so() {
    let mut set = DataSet::new("a/b").with(split("c d", "s").with_files([vec![1; 5]]));
    set.partial = true;
    let standin = StandIn::start(vec![set]);
    let list = get(&standin, "/parquet?dataset=a/b").json();
    let file = &list["parquet_files"][0];
    assert_eq!(
        (&list["partial"], &file["split"]),
        (&json!(true), &json!("s"))
    );
    let url = file["url"].as_str().expect("a URL");
    assert!(url.ends_with("/c d/partial-s/0000.parquet"), "{url}");
    let encoded = format!("/datasets/a/b/{BRANCH}/c%20d/partial-s/0000.parquet");
    assert_eq!(get(&standin, &encoded).status, 302);
    let whole = encoded.replace("partial-", "");
    assert_eq!(get(&standin, &whole).code(), (404, "EntryNotFound"));
}

#[test]
fn the_hub_sends_on_to_a_signed_address_on_another_origin() {
    let standin = standin();
    let reply = get(&standin, &file(0));
    assert_eq!(reply.status, 302);
    let address = reply.header("location").expect("an address");
    assert!(address.starts_with(&format!("{}/xet-bridge/", standin.cdn_url())));
    assert!(address.contains("?Expires=") && address.contains("&Signature="));
    assert_ne!(standin.cdn_url(), standin.url());
    assert_eq!(reply.header("access-control-allow-origin"), Some(ORIGIN.1));
    assert_eq!(reply.header("vary"), Some("Origin"));
    let exposed = reply.header("access-control-expose-headers");
    assert!(exposed.expect("a list").contains("Content-Range"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("x-linked-size"), Some("100000"));

    let preflight = [
        ORIGIN,
        ("Access-Control-Request-Method", "GET"),
        ("Access-Control-Request-Headers", "authorization, range"),
    ];
    let reply = ask(&standin, "OPTIONS", &file(0), &preflight).expect("an answer");
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.header("access-control-allow-headers"),
        Some("authorization, range")
    );
    assert_eq!(reply.header("access-control-max-age"), Some("86400"));

    assert_eq!(get(&standin, &file(2)).code(), (404, "EntryNotFound"));
    let at = |branch: &str| file(0).replace("refs%2Fconvert%2Fparquet", branch);
    assert_eq!(get(&standin, &at("main")).code(), (404, "EntryNotFound"));
    assert_eq!(
        get(&standin, &at("other")).code(),
        (404, "RevisionNotFound")
    );
    let other = file(0).replace("a/b", "no/one");
    assert_eq!(get(&standin, &other).code(), (401, "RepoNotFound"));
    let log = standin.log();
    assert_eq!(log.resolver_requests().len(), 5);
    assert_eq!(log.resolver_requests()[0].path, file(0));
}

#[test]
fn a_gated_file_wants_the_token_at_the_hub_and_none_where_its_bytes_are() {
    let standin = standin();
    let file = file(0).replace("a/b", "a/closed");
    let with = |token| ask(&standin, "GET", &file, &[ORIGIN, ("Authorization", token)]);
    assert_eq!(get(&standin, &file).code(), (401, "GatedRepo"));
    assert_eq!(with("Bearer hf_bad").expect("an answer").status, 401);
    let reply = with("Bearer hf_good").expect("an answer");
    let address = reply.header("location").expect("an address");
    assert_eq!(range(address, "bytes=0-9").status, 206);
    assert!(manners_hold(&standin.log()));
    let token = [("Authorization", "Bearer hf_good")];
    assert_eq!(at(address, "GET", &token).expect("an answer").status, 200);
    assert!(!manners_hold(&standin.log()), "it was told a token");
}

#[test]
fn ranges_are_answered_with_the_bytes_that_they_name() {
    let standin = standin();
    let address = signed(&standin, &file(0));
    let whole = bytes();
    for (asked, told, part) in [
        ("bytes=0-0", "bytes 0-0/100000", &whole[..1]),
        ("bytes=10-29", "bytes 10-29/100000", &whole[10..30]),
        ("bytes=99992-", "bytes 99992-99999/100000", &whole[99_992..]),
        (
            "bytes=99990-200000",
            "bytes 99990-99999/100000",
            &whole[99_990..],
        ),
        ("bytes=1-90000", "bytes 1-90000/100000", &whole[1..=90_000]),
    ] {
        let reply = range(&address, asked);
        assert_eq!(
            (reply.status, reply.header("content-range")),
            (206, Some(told))
        );
        assert_eq!(reply.header("accept-ranges"), Some("bytes"));
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        assert_eq!(reply.header("access-control-expose-headers"), Some("*"));
        assert!(reply.body == part, "{asked}");
    }
    let past = range(&address, "bytes=100000-");
    assert_eq!(
        (past.status, past.header("content-range")),
        (416, Some("bytes */100000"))
    );
    let log = standin.log();
    let asked = log.cdn_requests()[1];
    assert_eq!(
        (asked.bytes.as_deref(), asked.sent),
        (Some("bytes=10-29"), 20)
    );
    assert_eq!(log.cdn_requests().len(), 6);
    let sent: u64 = 1 + 20 + 8 + 10 + 90_000;
    assert_eq!(log.cdn_bytes() - sent, past.body.len() as u64);
    assert!(log.bad_ranges().is_empty() && manners_hold(&log));

    let all = at(&address, "GET", &[]).expect("an answer");
    assert!(all.status == 200 && all.body == whole);
}

#[test]
fn what_browsers_ask_about_first_is_refused_and_written_down() {
    let standin = standin();
    let address = signed(&standin, &file(0));
    for (number, bad) in ["bytes=-8", "bytes=0-1,5-6", "bytes=9-8", "lines=1-2"]
        .iter()
        .enumerate()
    {
        assert_eq!(range(&address, bad).status, 400, "{bad}");
        assert_eq!(standin.log().bad_ranges().len(), number + 1);
    }
    let head = at(&address, "HEAD", &[]).expect("an answer");
    assert_eq!(head.status, 405);
    let preflight = [
        ("Origin", "null"),
        ("Access-Control-Request-Method", "GET"),
        ("Access-Control-Request-Headers", "range"),
    ];
    let refused = at(&address, "OPTIONS", &preflight).expect("an answer");
    assert_eq!(refused.status, 403);
    assert!(!refused.head.to_lowercase().contains("access-control"));
    let log = standin.log();
    let methods: Vec<&str> = log.bad_ranges()[4..]
        .iter()
        .map(|a| a.method.as_str())
        .collect();
    assert_eq!(methods, ["HEAD", "OPTIONS"]);
    assert!(!manners_hold(&log));
    standin.forget();
    assert_eq!(range(&address, "bytes=0-1").status, 206);
    assert!(manners_hold(&standin.log()));
    ask(&standin, "HEAD", &file(0), &[]).expect("an answer");
    assert!(!manners_hold(&standin.log()), "HEAD at the Hub");
}

#[test]
fn a_signed_address_ends_and_a_fresh_one_is_given() {
    let standin = standin();
    let first = signed(&standin, &file(0));
    assert_eq!(range(&first, "bytes=0-9").status, 206);
    standin.expire_signed();
    let ended = range(&first, "bytes=0-9");
    assert_eq!(
        (ended.status, ended.header("access-control-allow-origin")),
        (403, Some("*"))
    );
    standin.sign_for(2);
    let second = signed(&standin, &file(0));
    assert_ne!(first, second);
    let statuses = [0, 1, 2].map(|_| range(&second, "bytes=0-9").status);
    assert_eq!(statuses, [206, 206, 403]);
    let third = signed(&standin, &file(0));
    let other = third.replace("Signature=", "Signature=0");
    assert_eq!(range(&other, "bytes=0-9").status, 403);
    let other_file = signed(&standin, &file(1));
    let (path, _) = other_file.split_once('?').expect("a query");
    let (_, query) = third.split_once('?').expect("a query");
    assert_eq!(range(&format!("{path}?{query}"), "bytes=0-9").status, 403);
    assert_eq!(range(&third, "bytes=0-9").status, 206);
}

#[test]
fn faults_strike_ranges_and_redirects() {
    let standin = standin();
    let address = signed(&standin, &file(0));
    let part = "bytes=0-49999";
    standin.fail(Fault::on(CDN, Effect::cdn_error(403)).after(1).times(1));
    let statuses = [0, 1, 2].map(|_| range(&address, part).status);
    assert_eq!(statuses, [206, 403, 206]);

    standin.fail(Fault::on(CDN, Effect::cdn_error(503)).times(1));
    let busy = range(&address, part);
    assert_eq!(
        (busy.status, busy.header("access-control-allow-origin")),
        (503, Some("*"))
    );

    standin.fail(Fault::on(CDN, Effect::Whole).times(1));
    let whole = range(&address, part);
    assert_eq!((whole.status, whole.body.len()), (200, 100_000));
    assert_eq!(whole.header("content-range"), None);

    standin.fail(Fault::on(CDN, Effect::Slow(Duration::from_millis(80))).times(1));
    assert_eq!(range(&address, part).status, 206);
    let log = standin.log();
    let slow = log
        .cdn_requests()
        .into_iter()
        .next_back()
        .expect("a request");
    assert!(slow.ended.expect("it ended") - slow.began >= Duration::from_millis(80));

    for (effect, code) in [
        (
            Effect::hub_error(404, "EntryNotFound", "Entry not found"),
            404,
        ),
        (Effect::hub_error(401, "GatedRepo", "Please log in."), 401),
        (Effect::too_many(), 429),
    ] {
        standin.fail(Fault::on(RESOLVER, effect).times(1));
        let reply = get(&standin, &file(0));
        let readable = reply.header("access-control-allow-origin").is_some();
        assert_eq!((reply.status, readable), (code, code != 429));
    }
    assert_eq!(get(&standin, &file(0)).status, 302);
}

#[test]
fn a_broken_connection_gives_no_range_or_half_of_it() {
    let standin = standin();
    let address = signed(&standin, &file(0));
    let headers = [("Range", "bytes=0-89999")];
    standin.fail(Fault::on(CDN, Effect::Reset).times(1));
    assert!(at(&address, "GET", &headers).is_err());
    assert_eq!(standin.log().cdn_bytes(), 0);
    for framing in [Framing::Length, Framing::Chunks] {
        standin.fail(Fault::on(CDN, Effect::CutShort(framing)).times(1));
        let cut = range(&address, headers[0].1);
        let measured = (framing == Framing::Length).then_some("90000");
        assert_eq!((cut.status, cut.header("content-length")), (206, measured));
        assert!((1..=45_000).contains(&cut.body.len()), "{}", cut.body.len());
    }
    assert!(standin.log().cdn_bytes() <= 90_000);
    assert_eq!(range(&address, headers[0].1).body.len(), 90_000);
}

#[test]
fn ranges_under_way_are_counted_until_their_last_byte() {
    let standin = standin();
    let address = signed(&standin, &file(0));
    standin.hold_after(0);
    std::thread::scope(|scope| {
        let waiting: Vec<_> = (0..7)
            .map(|_| scope.spawn(|| range(&address, "bytes=0-9").status))
            .collect();
        while standin.log().cdn_requests().len() < 7 {
            std::thread::yield_now();
        }
        standin.release();
        for thread in waiting {
            assert_eq!(thread.join().expect("no panic"), 206);
        }
    });
    let log = standin.log();
    assert_eq!((log.most_ranges_in_flight(), log.most_in_flight()), (7, 0));
    assert!(!manners_hold(&log), "seven at once are too many");
    standin.forget();
    assert_eq!(range(&address, "bytes=0-9").status, 206);
    assert_eq!(standin.log().most_ranges_in_flight(), 1);
}

#[test]
fn rows_too_big_to_be_paged_are_in_the_files() {
    let made = rows::small(30);
    let options = Options {
        files: 2,
        row_group_rows: 7,
        ..Options::default()
    };
    let paths = write_parquet(&made.texts, &options);
    let split = Split::of("c", "s", &made.texts);
    let standin = StandIn::start(vec![
        DataSet::new("a/b").with(split.with_files(paths.clone()).too_big()),
    ]);
    let rows = get(&standin, "/rows?dataset=a/b&config=c&split=s");
    assert_eq!(rows.code(), (500, "TooBigContentError"));
    let first = get(&standin, "/first-rows?dataset=a/b&config=c&split=s");
    assert_eq!(first.code(), (501, "TooBigContentError"));

    let folder = tempfile::TempDir::new().expect("a folder");
    let list = get(&standin, "/parquet?dataset=a/b&config=c").json();
    let files = list["parquet_files"].as_array().expect("a list");
    assert_eq!(files.len(), 2);
    let copies: Vec<PathBuf> = files
        .iter()
        .map(|file| {
            let url = file["url"].as_str().expect("a URL");
            let address = signed(&standin, url.trim_start_matches(&standin.url()));
            let size = file["size"].as_u64().expect("a size");
            let (a, b) = (
                format!("bytes=0-{}", size / 2),
                format!("bytes={}-", size / 2 + 1),
            );
            let whole = [range(&address, &a).body, range(&address, &b).body].concat();
            let path = folder
                .path()
                .join(file["filename"].as_str().expect("a name"));
            std::fs::write(&path, whole).expect("a file");
            path
        })
        .collect();
    assert_eq!(read_parquet(&copies), read_parquet(&paths));
}
