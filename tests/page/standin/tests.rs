//! The stand-in does what the two services do. Asked by a bare HTTP client, so that every header and every cut is seen.

use std::time::Duration;

use serde_json::{Value, json};

use super::StandIn;
use super::arrow::{ListForm, Type};
use super::client::{ORIGIN, ask, get};
use super::dataset::{DataSet, REVISION, Split};
use super::fault::{Effect, Fault, Framing};

fn rows(offset: i64, length: i64) -> String {
    format!("/rows?dataset=a%2Fb&config=c&split=s&offset={offset}&length={length}")
}

fn texts(count: usize) -> Vec<String> {
    (0..count)
        .map(|i| json!({"id": format!("row {i}"), "number": i}).to_string())
        .collect()
}

fn standin() -> StandIn {
    StandIn::start(vec![
        DataSet::new("a/b").with(Split::of("c", "s", &texts(250))),
        DataSet::new("a/closed")
            .with(Split::of("c", "s", &texts(3)))
            .gated(),
    ])
}

#[test]
fn a_page_of_rows_has_the_shape_of_the_service() {
    let standin = standin();
    let reply = get(&standin, &rows(99, 2));
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.json(),
        json!({
            "features": [
                {"feature_idx": 0, "name": "id", "type": {"dtype": "string", "_type": "Value"}},
                {"feature_idx": 1, "name": "number", "type": {"dtype": "int64", "_type": "Value"}},
            ],
            "rows": [
                {"row_idx": 99, "row": {"id": "row 99", "number": 99}, "truncated_cells": []},
                {"row_idx": 100, "row": {"id": "row 100", "number": 100}, "truncated_cells": []},
            ],
            "num_rows_total": 250,
            "num_rows_per_page": 100,
            "partial": false,
        })
    );
    assert_eq!(reply.header("x-revision"), Some(REVISION));
    assert_eq!(reply.header("cache-control"), Some("max-age=120"));
}

#[test]
fn an_offset_past_the_end_gives_no_rows_and_no_error() {
    let standin = standin();
    let reply = get(&standin, &rows(250, 100));
    assert_eq!((reply.status, &reply.json()["rows"]), (200, &json!([])));
    assert_eq!(
        get(&standin, &rows(240, 100)).json()["rows"][9]["row_idx"],
        249
    );
}

#[test]
fn bad_parameters_are_refused_in_the_services_words() {
    let standin = standin();
    let cases = [
        (
            rows(0, 101),
            "InvalidParameter",
            "Parameter 'length' must not be greater than 100",
        ),
        (
            rows(0, -1),
            "InvalidParameter",
            "Parameter 'length' must be positive",
        ),
        (
            rows(-1, 1),
            "InvalidParameter",
            "Parameter 'offset' must be positive",
        ),
        (
            "/rows?dataset=a/b&config=c&split=s&length=x".to_owned(),
            "InvalidParameter",
            "Parameter 'length' must be integer",
        ),
        (
            "/rows?dataset=a/b&config=c".to_owned(),
            "MissingRequiredParameter",
            "Parameter 'split' is required",
        ),
        (
            "/splits?dataset=".to_owned(),
            "MissingRequiredParameter",
            "Parameter 'dataset' is required",
        ),
    ];
    for (target, code, error) in cases {
        let reply = get(&standin, &target);
        assert_eq!(
            (reply.code(), reply.json()),
            ((422, code), json!({"error": error})),
            "{target}"
        );
        assert_eq!(reply.header("cache-control"), Some("max-age=10"));
    }
}

#[test]
fn a_split_that_does_not_exist_is_a_crash_and_a_config_is_not_found() {
    let standin = standin();
    let split = get(&standin, "/rows?dataset=a/b&config=c&split=none");
    assert_eq!(split.code(), (500, "UnexpectedApiError"));
    let config = get(&standin, "/rows?dataset=a/b&config=none&split=s");
    assert_eq!(config.code(), (404, "ResponseNotFound"));
}

#[test]
fn unknown_and_gated_datasets_look_alike_until_the_right_token_comes() {
    let standin = standin();
    let token = |target: &str, token: &str| {
        let value = format!("Bearer {token}");
        ask(
            &standin,
            "GET",
            target,
            &[ORIGIN, ("Authorization", &value)],
        )
        .expect("an answer")
    };
    for target in ["/splits?dataset=no/one", "/splits?dataset=a/closed"] {
        assert_eq!(
            get(&standin, target).code(),
            (401, "ExternalUnauthenticatedError")
        );
        assert_eq!(
            token(target, "hf_bad").code(),
            (404, "ExternalAuthenticatedError")
        );
    }
    assert_eq!(token("/splits?dataset=a/closed", "hf_good").status, 200);
    assert_eq!(token("/splits?dataset=no/one", "hf_good").status, 404);
    assert!(!standin.log().url_holds("hf_good"));
    assert_eq!(standin.log().all()[1].token.as_deref(), Some("hf_bad"));
}

#[test]
fn the_page_may_read_the_error_code_and_the_revision_and_nothing_else() {
    let standin = standin();
    for target in [rows(0, 1), rows(0, 101), "/nowhere".to_owned()] {
        let reply = get(&standin, &target);
        assert_eq!(
            reply.header("access-control-allow-origin"),
            Some(ORIGIN.1),
            "{target}"
        );
        assert_eq!(
            reply.header("access-control-allow-credentials"),
            Some("true")
        );
        assert_eq!(
            reply.header("access-control-expose-headers"),
            Some("X-Error-Code, X-Revision")
        );
    }
    let preflight = [
        ORIGIN,
        ("Access-Control-Request-Method", "GET"),
        ("Access-Control-Request-Headers", "authorization"),
    ];
    let reply = ask(&standin, "OPTIONS", &rows(0, 1), &preflight).expect("an answer");
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.header("access-control-allow-headers"),
        Some("authorization")
    );
    assert_eq!(reply.header("access-control-max-age"), Some("600"));
    let log = standin.log();
    assert_eq!((log.of("/rows").len(), log.all().len()), (2, 4));
}

#[test]
fn a_429_has_no_cors_header_at_all() {
    let standin = standin();
    standin.fail(Fault::on("/rows", Effect::too_many()).times(1));
    let reply = get(&standin, &rows(0, 1));
    assert_eq!(reply.status, 429);
    assert!(!reply.head.to_lowercase().contains("access-control"));
    assert_eq!(get(&standin, &rows(0, 1)).status, 200);
}

#[test]
fn a_fault_strikes_where_when_and_as_often_as_it_is_told() {
    let standin = standin();
    standin.fail(
        Fault::on("/rows", Effect::not_ready())
            .row(150)
            .after(1)
            .times(2),
    );
    let statuses: Vec<u16> = [0, 100, 100, 0, 150, 100]
        .map(|offset| get(&standin, &rows(offset, 100)).status)
        .to_vec();
    assert_eq!(statuses, [200, 200, 500, 200, 500, 200]);
    standin.fail(Fault::on("/size", Effect::too_big()));
    assert_eq!(
        get(&standin, "/size?dataset=a/b").code(),
        (500, "TooBigContentError")
    );
    standin.mend();
    assert_eq!(get(&standin, "/size?dataset=a/b").status, 200);
}

#[test]
fn a_reset_connection_gives_no_answer_and_a_cut_one_half_of_it() {
    let standin = standin();
    standin.fail(Fault::on("/rows", Effect::Reset).times(1));
    let reset = ask(&standin, "GET", &rows(0, 100), &[]).map(|reply| reply.status);
    assert!(reset.is_err(), "{reset:?}");

    let whole = get(&standin, &rows(0, 100));
    standin.fail(Fault::on("/rows", Effect::CutShort(Framing::Length)).times(1));
    let cut = get(&standin, &rows(0, 100));
    assert_eq!(cut.header("content-length"), whole.header("content-length"));
    assert!(cut.body.len() < whole.body.len() && !cut.body.is_empty());

    standin.fail(Fault::on("/rows", Effect::CutShort(Framing::Chunks)).times(1));
    let cut = get(&standin, &rows(0, 100));
    assert_eq!(cut.header("transfer-encoding"), Some("chunked"));
    assert!(!cut.body.ends_with(b"0\r\n\r\n"));
    assert_eq!(get(&standin, &rows(0, 100)).body, whole.body);
}

#[test]
fn a_commit_in_mid_run_shows_in_the_revision() {
    let standin = standin();
    let next = "f".repeat(40);
    standin.fail(Fault::on("/rows", Effect::Revision(next.clone())).after(1));
    let seen = [0, 1, 2].map(|i| {
        get(&standin, &rows(i, 1))
            .header("x-revision")
            .map(str::to_owned)
    });
    assert_eq!(
        seen,
        [Some(REVISION.to_owned()), Some(next.clone()), Some(next)]
    );
}

#[test]
fn what_waits_at_the_gate_is_answered_after_the_release() {
    let standin = standin();
    standin.hold_after(1);
    assert_eq!(get(&standin, &rows(0, 1)).status, 200);
    std::thread::scope(|scope| {
        let waiting: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| get(&standin, &rows(0, 1)).status))
            .collect();
        while standin.log().of("/rows").len() < 4 {
            std::thread::yield_now();
        }
        assert!(waiting.iter().all(|thread| !thread.is_finished()));
        standin.release();
        for thread in waiting {
            assert_eq!(thread.join().expect("no panic"), 200);
        }
    });
    assert_eq!(standin.log().most_in_flight(), 3);
    assert_eq!(standin.log().row_ranges(), vec![0..1; 4]);
}

#[test]
fn a_slow_answer_is_late_and_whole() {
    let standin = standin();
    let pause = Duration::from_millis(80);
    standin.fail(Fault::on("/rows", Effect::Slow(pause)).times(1));
    assert_eq!(get(&standin, &rows(0, 1)).json()["rows"][0]["row_idx"], 0);
    let log = standin.log();
    let asked = log.of("/rows")[0];
    assert!(asked.ended.expect("it ended") - asked.began >= pause);
}

#[test]
fn sizes_and_splits_tell_what_is_missing() {
    let mut set = DataSet::new("a/b")
        .with(Split::of("c", "s", &texts(2)).weighing(900))
        .with(Split::of("d", "t", &texts(5)).weighing(90))
        .with_failed("bad", "Couldn't cast")
        .with_pending("later");
    set.splits[1].estimated_rows = Some(50);
    set.partial = true;
    let standin = StandIn::start(vec![set]);
    let size = get(&standin, "/size?dataset=a/b").json();
    assert_eq!(size["size"]["dataset"]["num_rows"], 7);
    assert_eq!(size["size"]["dataset"]["estimated_num_rows"], 52);
    assert_eq!(
        size["size"]["configs"][0]["estimated_num_rows"],
        Value::Null
    );
    assert_eq!(size["size"]["splits"][0]["num_bytes_memory"], 900);
    assert_eq!(
        (&size["partial"], &size["pending"][0]["config"]),
        (&json!(true), &json!("later"))
    );
    let splits = get(&standin, "/splits?dataset=a/b").json();
    assert_eq!(
        splits["splits"][1],
        json!({"dataset": "a/b", "config": "d", "split": "t"})
    );
    assert_eq!(splits["failed"][0]["error"]["error"], "Couldn't cast");
    let one = get(&standin, "/splits?dataset=a/b&config=c").json();
    assert_eq!(
        one,
        json!({"splits": [{"dataset": "a/b", "config": "c", "split": "s"}]})
    );
    let one = get(&standin, "/size?dataset=a/b&config=d").json();
    assert_eq!(one["size"]["config"]["num_rows"], 5);
    assert_eq!(
        get(&standin, "/is-valid?dataset=a/b").json()["viewer"],
        true
    );
}

#[test]
fn rows_have_a_null_for_every_key_that_others_have() {
    let texts = [
        json!({"m": [{"role": "user", "content": "hi"}, {"role": "assistant", "calls": [{"id": "1"}]}]}),
        json!({"m": [{"role": "tool", "name": "bash"}], "extra": 1.5}),
    ]
    .map(|row| row.to_string());
    let standin = StandIn::start(vec![DataSet::new("a/b").with(Split::of("c", "s", &texts))]);
    let page = get(&standin, &rows(0, 2)).json();
    assert_eq!(
        page["rows"][0]["row"],
        json!({"m": [
            {"role": "user", "content": "hi", "calls": null, "name": null},
            {"role": "assistant", "content": null, "calls": [{"id": "1"}], "name": null},
        ], "extra": null})
    );
    let list = &page["features"][0]["type"];
    assert_eq!(list["_type"], "List");
    assert_eq!(list["feature"]["calls"]["feature"]["id"]["dtype"], "string");
    let legacy = get(&standin, "/parquet?dataset=a/b&config=c").json();
    assert_eq!(
        legacy["features"]["m"][0]["calls"][0]["id"]["dtype"],
        "string"
    );
    assert!(legacy.get("pending").is_none());
}

#[test]
fn values_that_do_not_go_together_stay_as_they_are() {
    let (text, list) = (json!({"x": "a"}), json!({"x": [1, {"y": 2}]}));
    let joined = Type::of(&text).join(Type::of(&list));
    assert_eq!(
        joined.feature(ListForm::Current),
        json!({"x": {"_type": "Json"}})
    );
    assert_eq!(
        (joined.fill(text.clone()), joined.fill(list.clone())),
        (text, list)
    );
}

#[test]
fn the_first_rows_come_with_long_cells_shortened_and_named() {
    let long = "ä".repeat(150_000);
    let texts = [json!({"text": long, "id": 1}).to_string()];
    let standin = StandIn::start(vec![DataSet::new("a/b").with(Split::of("c", "s", &texts))]);
    let row = get(&standin, "/first-rows?dataset=a/b&config=c&split=s").json()["rows"][0].clone();
    assert_eq!(row["truncated_cells"], json!(["text"]));
    let cell = row["row"]["text"].as_str().expect("a text");
    assert!(cell.starts_with("\"ä") && cell.len() <= 100);
    assert_eq!(row["row"]["id"], 1);
}

#[test]
fn rows_made_on_demand_are_made_one_by_one() {
    let split = Split::made("c", "s", 1_000_000, |i| json!({ "i": i }).to_string());
    let standin = StandIn::start(vec![DataSet::new("a/b").with(split.truncating(7, "i"))]);
    let page = get(&standin, &rows(999_999, 100)).json();
    assert_eq!(
        page["rows"],
        json!([{"row_idx": 999_999, "row": {"i": 999_999}, "truncated_cells": []}])
    );
    let cut = get(&standin, &rows(7, 1)).json();
    assert_eq!(cut["rows"][0]["truncated_cells"], json!(["i"]));
}

#[test]
fn the_hub_finds_datasets_by_name_and_says_which_are_gated() {
    let mut popular = DataSet::new("nvidia/Open-SWE-Traces").gated();
    popular.downloads = 9000;
    let standin = StandIn::start(vec![DataSet::new("copy/open-swe-traces"), popular]);
    let found = get(
        &standin,
        "/api/datasets?search=Open-SWE&limit=10&sort=downloads",
    );
    assert_eq!(found.header("access-control-allow-origin"), Some(ORIGIN.1));
    assert_eq!(found.header("vary"), Some("Origin"));
    let found = found.json();
    assert_eq!(found[0]["id"], "nvidia/Open-SWE-Traces");
    assert_eq!(
        (&found[0]["gated"], &found[1]["gated"]),
        (&json!("auto"), &json!(false))
    );
    let one = get(
        &standin,
        "/api/datasets/nvidia/Open-SWE-Traces?expand=gated",
    )
    .json();
    assert_eq!(
        (&one["gated"], &one["sha"]),
        (&json!("auto"), &json!(REVISION))
    );
    assert_eq!(
        get(&standin, "/api/datasets/no/one").code(),
        (401, "RepoNotFound")
    );
    assert_eq!(
        get(&standin, "/api/datasets?search=nothing").json(),
        json!([])
    );
}

#[test]
fn errors_of_gateways_and_crashes_are_not_json() {
    let standin = standin();
    for (effect, status, kind) in [
        (Effect::gateway(502), 502, "text/html; charset=utf-8"),
        (Effect::open_gateway(504), 504, "text/html; charset=utf-8"),
        (Effect::crash(), 500, "text/plain; charset=utf-8"),
        (Effect::plain_500(), 500, "text/plain; charset=utf-8"),
        (Effect::web_page(), 200, "text/html; charset=utf-8"),
    ] {
        standin.fail(Fault::on("/rows", effect).times(1));
        let reply = get(&standin, &rows(0, 1));
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (status, Some(kind))
        );
        assert!(serde_json::from_slice::<Value>(&reply.body).is_err());
        assert_eq!(reply.header("x-error-code"), None);
    }
}
