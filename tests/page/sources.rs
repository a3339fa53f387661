//! Where rows come from: which of them, in which pages, with which permission, in which shape, or from a file.
//! Whatever the source, the same rows give the same numbers.

use std::time::Duration;

use serde_json::{Value, json};

use super::browser::Browser;
use super::job::check_against_truth;
use super::rows;
use super::standin::StandIn;
use super::standin::dataset::{DataSet, Split};
use super::standin::fault::{Effect, Fault};
use super::steps;
use super::steps::DOWNLOAD;

#[test]
fn names_are_suggested_while_they_are_typed() {
    let mut popular = DataSet::new("nvidia/Open-SWE-Traces");
    popular.downloads = 5000;
    let standin = StandIn::start(vec![DataSet::new("someone/open-swe-copy"), popular]);
    let browser = Browser::start();
    browser.allow_failed_requests(); // "open-swe" is not a dataset
    browser.open(&format!("dataset=file&{}", steps::servers(&standin)));
    browser.fill("Data set", "open-swe");
    browser.wait_until("both suggestions", |b| {
        let found: Vec<String> = b.script("return [...document.querySelectorAll('datalist option, [role=option]')].map(o => o.value || o.innerText)", Vec::new());
        ["nvidia/Open-SWE-Traces", "someone/open-swe-copy"].iter().all(|name| found.iter().any(|text| text.contains(name)))
    });
    let asked = standin.log().of("/api/datasets").len();
    assert!(asked <= 3, "{asked} questions for eight letters");
}

#[test]
fn a_sample_depends_on_its_seed_alone() {
    let made = rows::small(900);
    let standin = StandIn::start(vec![
        DataSet::new("a/light").with(Split::of("c", "s", &made.texts)),
        DataSet::new("a/heavy").with(Split::of("c", "s", &made.texts).weighing(900 * 800_000)),
    ]);
    let browser = Browser::start();
    let rows_of = |dataset: &str, more: &str| {
        browser.open(&format!(
            "{}&{more}",
            steps::run_of(&standin, dataset, "c", "s", 60)
        ));
        browser.wait_until_done();
        let table = steps::table(&browser.download("Download table"));
        table
            .iter()
            .map(|row| row["row"].parse().expect("a number"))
            .collect::<Vec<u64>>()
    };
    let seven = rows_of("a/light", "sample=random&seed=7");
    assert_eq!(seven.len(), 60);
    assert!(seven.iter().any(|row| *row >= 100), "{seven:?}");
    assert_eq!(
        rows_of("a/heavy", "sample=random&seed=7"),
        seven,
        "whatever the pages' length"
    );
    assert_ne!(rows_of("a/light", "sample=random&seed=8"), seven);
    let spread = rows_of("a/light", "sample=spread");
    assert!(
        spread.len() == 60 && spread[0] < 100 && spread[59] > 700,
        "{spread:?}"
    );
    assert_eq!(
        rows_of("a/light", "sample=head"),
        (0..60).collect::<Vec<_>>()
    );
}

#[test]
fn a_sample_is_the_same_when_the_server_does_not_tell_the_size() {
    let made = rows::small(300);
    let standin = StandIn::start(vec![
        DataSet::new("a/sized").with(Split::of("c", "s", &made.texts)),
        DataSet::new("a/unsized").with(Split::of("c", "s", &made.texts)),
    ]);
    let browser = Browser::start();
    browser.allow_failed_requests();
    let rows_of = |dataset: &str, sample: &str| {
        let run = steps::run_of(&standin, dataset, "c", "s", 40);
        browser.open(&format!("{run}&sample={sample}&seed=3"));
        browser.wait_until_done();
        let table = steps::table(&browser.download("Download table"));
        let rows = steps::texts(&table, "row").into_iter();
        rows.map(str::to_owned).collect::<Vec<_>>()
    };
    for sample in ["random", "spread"] {
        let sized = rows_of("a/sized", sample);
        standin.fail(Fault::on("/size", Effect::not_ready()));
        assert_eq!(rows_of("a/unsized", sample), sized, "{sample}");
        standin.mend();
    }
}

#[test]
fn a_split_without_rows_is_said_to_be_empty() {
    let empty = Split::of("c", "s", &[]);
    let standin = StandIn::start(vec![DataSet::new("a/b").with(empty)]);
    let browser = Browser::start();
    browser.open(&steps::run_of(&standin, "a/b", "c", "s", 60));
    browser.wait_until_done();
    let status = browser.text_of(".progress [role=status]");
    assert!(
        status.contains("no rows") && status.contains("empty"),
        "{status}"
    );
}

#[test]
fn a_dataset_that_the_server_is_still_reading_is_asked_for_again() {
    let pending = DataSet::new("a/b").with_pending("c");
    let standin = StandIn::start(vec![pending]);
    let browser = Browser::start();
    browser.open(&steps::run_of(&standin, "a/b", "", "", 60));
    browser.wait_for_state(&["failed"], Duration::from_secs(30));
    browser.notice_with(&["c: the server is still reading it", "again"]);
    let before = standin.log().of("/splits").len();
    browser.press("Analyze");
    browser.wait_until("a new question", |_| {
        standin.log().of("/splits").len() > before
    });
}

#[test]
fn where_no_row_passes_the_page_says_so_in_place_of_numbers() {
    let browser = Browser::start();
    browser.open("turns=100000..");
    browser.wait_until_done();
    let headline = browser.text_of("#headline");
    assert!(
        headline.contains("0 of 500 runs pass") && headline.contains("drop one"),
        "{headline}"
    );
    assert!(
        !headline.contains('?') && !headline.contains('–'),
        "{headline}"
    );
    assert!(browser.text_of("#rows").contains("No row passes"));
    browser.press("Clear filters");
    browser.wait_until("the numbers", |b| {
        b.text_of("#headline").contains("have a verdict")
    });
}

#[test]
fn pages_are_shorter_where_rows_are_heavier() {
    let made = rows::small(40);
    let standin = StandIn::start(vec![
        DataSet::new("a/light").with(Split::of("c", "s", &made.texts)),
        DataSet::new("a/heavy").with(Split::of("c", "s", &made.texts).weighing(40 * 1_000_000)),
    ]);
    let browser = Browser::start();
    for (dataset, longest) in [("a/light", 40), ("a/heavy", 4)] {
        standin.forget();
        browser.open(&steps::run_of(&standin, dataset, "c", "s", 40));
        browser.wait_until_done();
        let lengths = standin
            .log()
            .row_ranges()
            .into_iter()
            .map(|range| range.end - range.start);
        assert_eq!(lengths.max(), Some(longest), "{dataset}");
    }
    steps::check_manners(&standin.log());
}

#[test]
fn several_pages_are_asked_for_at_once_but_never_more_than_four() {
    let made = rows::small(120);
    let split = Split::of("c", "s", &made.texts).weighing(120 * 400_000);
    let standin = StandIn::start(vec![DataSet::new("a/b").with(split)]);
    standin.pace(Duration::from_millis(1500));
    let browser = Browser::start();
    browser.open(&steps::run_of(&standin, "a/b", "c", "s", 120));
    browser.wait_until_done();
    let most = standin.log().most_in_flight();
    assert!((2..=4).contains(&most), "{most} at once");
}

#[test]
fn a_gated_dataset_opens_with_a_token_that_stays_in_the_tab() {
    let made = rows::small(20);
    let standin = StandIn::start(vec![
        DataSet::new("a/gated")
            .with(Split::of("c", "s", &made.texts))
            .gated(),
    ]);
    let browser = Browser::start();
    browser.allow_failed_requests();
    browser.open(&steps::run_of(&standin, "a/gated", "c", "s", 20));
    browser.wait_for_state(&["failed"], Duration::from_secs(20));
    browser.notice_with(&["token"]);
    let fold = browser.find_button("Private or gated");
    if browser.find_field("Access token").is_none() && fold.is_some() {
        browser.press("Private or gated");
    }
    browser.fill("Access token", "hf_good\t");
    browser.wait_until("the split", |b| {
        b.options("Split")
            .iter()
            .any(|option| option.starts_with("s "))
    });
    browser.press("Analyze");
    browser.wait_until_done();
    assert_eq!(steps::table(&browser.download("Download table")).len(), 20);
    let log = standin.log();
    assert!(
        log.of("/rows")
            .iter()
            .any(|asked| asked.token.as_deref() == Some("hf_good"))
    );
    assert!(!log.url_holds("hf_good") && !browser.query().contains("hf_good"));
    let kept: String = browser.script(
        "return JSON.stringify(Object.entries(localStorage)) + document.cookie",
        Vec::new(),
    );
    assert!(!kept.contains("hf_good"), "{kept}");
    assert!(
        !browser
            .console()
            .iter()
            .any(|entry| entry.message.contains("hf_good"))
    );
    let link = browser.download("Download manifest");
    assert!(!link.text().contains("hf_good"));
    steps::check_manners(&log);
}

#[test]
fn rows_of_an_unknown_shape_open_a_panel_that_lets_the_user_map_them() {
    let odd: Vec<String> = (0..6)
        .map(|i| json!({"dialogue_turns": [{"speaker": "user", "said": "hello there"}, {"speaker": "assistant", "said": format!("answer {i}")}],
                        "won": i % 2 == 0, "weight": i}).to_string())
        .collect();
    let standin = StandIn::start(vec![DataSet::new("a/odd").with(Split::of("c", "s", &odd))]);
    let browser = Browser::start();
    browser.open(&steps::run_of(&standin, "a/odd", "c", "s", 6));
    browser.wait_until("the panel", |b| b.count("#mapping") == 1);
    let panel = browser.text_of("#mapping");
    for field in ["dialogue_turns", "won", "weight"] {
        assert!(panel.contains(field), "{panel}");
    }
    browser.fill("Which field holds the conversation?", "dialogue_turns\t");
    browser.fill("Inside a message: who speaks?", "speaker\t");
    browser.fill("Inside a message: what is said?", "said\t");
    browser.fill("Which field says whether it succeeded?", "won\t");
    browser.press("Read the rows this way");
    browser.wait_until("six rows", |b| {
        b.text_of("#headline")
            .contains("6 of 6 runs have a verdict")
    });
    let lines = steps::lines(&browser.download(DOWNLOAD));
    assert_eq!(steps::messages(&lines[5])[1]["content"], "answer 5");
    // The link reads them the same way for someone else.
    browser.wait_until("the map in the address", |b| b.key("map").is_some());
    let shared = browser.query();
    let other = Browser::start();
    other.open(&shared);
    other.wait_until_done();
    assert_eq!(steps::table(&other.download("Download table")).len(), 6);
}

#[test]
fn fields_that_lie_deeper_are_mapped_and_a_wrong_map_is_told() {
    let odd: Vec<String> = (0..4)
        .map(|i| json!({"log": {"turns": [
            {"by": "boss", "words": format!("task {i}")},
            {"by": "robot", "words": "Looking.", "acts": [{"what": "ls", "with": {"path": "/"}, "gave": "a.py"}]},
        ]}}).to_string())
        .collect();
    let standin = StandIn::start(vec![DataSet::new("a/odd").with(Split::of("c", "s", &odd))]);
    let browser = Browser::start();
    browser.open(&steps::run_of(&standin, "a/odd", "c", "s", 4));
    browser.wait_until("the panel", |b| b.count("#mapping") == 1);
    browser.fill("Which field holds the conversation?", "log.turns\t");
    browser.fill("Inside a message: who speaks?", "by\t");
    browser.fill("Inside a message: what is said?", "words\t");
    browser.press("Read the rows this way");
    // No one of these is known as the agent.
    browser.wait_until("the doubt", |b| {
        b.text_of("#mapped").contains("4 of 4 runs")
    });
    let map =
        "log.turns,role:by,text:words,agent:robot,calls:acts,name:what,arguments:with,result:gave";
    browser.open(&format!(
        "{}&map=messages:{map}",
        steps::run_of(&standin, "a/odd", "c", "s", 4)
    ));
    browser.wait_until_done();
    assert_eq!(browser.count("#mapped"), 0);
    let lines = steps::lines(&browser.download(DOWNLOAD));
    let messages = steps::messages(&lines[0]);
    assert_eq!(messages[1]["tool_calls"][0]["function"]["name"], "ls");
    assert_eq!(messages[2]["content"], "a.py");
}

#[test]
fn text_that_looks_like_calls_of_an_unknown_form_is_told_beside_the_counts() {
    let odd: Vec<String> = (0..5)
        .map(|i| {
            json!({"messages": [{"role": "user", "content": format!("task {i}")},
                        {"role": "assistant", "content": "Now.\n<toolbox:run name=\"ls\"/>"}]})
            .to_string()
        })
        .collect();
    let standin = StandIn::start(vec![DataSet::new("a/odd").with(Split::of("c", "s", &odd))]);
    let browser = Browser::start();
    browser.open(&steps::run_of(&standin, "a/odd", "c", "s", 5));
    browser.wait_until_done();
    let said = browser.text_of("#unread-calls");
    assert!(said.contains("In 5 of 5 runs"), "{said}");
    assert!(said.contains("<toolbox:run"), "{said}");
}

#[test]
fn a_local_file_takes_the_same_way_as_fetched_rows() {
    let made = rows::small(150);
    let folder = tempfile::TempDir::new().expect("a folder");
    let array: Vec<Value> = made
        .texts
        .iter()
        .map(|text| serde_json::from_str(text).expect("a row"))
        .collect();
    let files = [
        ("rows.jsonl", made.texts.join("\n")),
        (
            "rows.json",
            serde_json::to_string_pretty(&array).expect("JSON"),
        ),
    ];
    let browser = Browser::start();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        browser.open("dataset=file");
        browser.wait_for_state(&["idle", "failed"], Duration::from_secs(10));
        browser.give_file(&path);
        browser.wait_until("all rows", |b| {
            b.text_of("#headline")
                .contains("of 150 runs have a verdict")
        });
        browser.wait_until_done();
        check_against_truth(
            &steps::table(&browser.download("Download table")),
            &made.truths,
        );
        let lines = steps::lines(&browser.download(DOWNLOAD));
        assert_eq!(
            steps::row_numbers(&lines),
            (0..150).collect::<Vec<_>>(),
            "{name}"
        );
        assert_eq!(lines[0]["metadata"]["dataset"], name);
    }
}

#[test]
fn a_budget_and_another_tokenizer_change_the_counts_and_nothing_else() {
    let made = rows::small(60);
    let standin = StandIn::start(vec![DataSet::new("a/b").with(Split::of(
        "c",
        "s",
        &made.texts,
    ))]);
    let browser = Browser::start();
    browser.open(&steps::run_of(&standin, "a/b", "c", "s", 60));
    browser.wait_until_done();
    let before = steps::table(&browser.download("Download table"));
    standin.forget();
    browser.choose("Count tokens with", "o200k_base");
    browser.wait_until("the address", |b| {
        b.key("tokenizer").as_deref() == Some("o200k_base")
    });
    browser.wait_until_done();
    let after = browser.wait_for("other counts", Duration::from_secs(30), |b| {
        let table = steps::table(&b.download("Download table"));
        (table.len() == 60 && steps::texts(&table, "tokens") != steps::texts(&before, "tokens"))
            .then_some(table)
    });
    for column in steps::COLUMNS
        .iter()
        .filter(|column| !column.starts_with("tokens"))
    {
        assert_eq!(
            steps::texts(&after, column),
            steps::texts(&before, column),
            "{column}"
        );
    }
    assert_eq!(standin.log().of("/rows").len(), 0, "the rows are at hand");
    browser.fill("Token budget", "4096\t");
    browser.wait_until("the address", |b| {
        b.key("budget").as_deref() == Some("4096")
    });
}
