//! Choosing rows and knowing what the choice does: presets, signs and their thresholds, balance, groups, pairs.
//! What a rule keeps is compared with the table of all rows, which no rule touches.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use thirtyfour::Key;

use super::browser::Browser;
use super::rows;
use super::standin::StandIn;
use super::standin::dataset::{DataSet, Split};
use super::steps::{self, Table};
use tracesift_core::recipe::preset::Preset;

type Row = BTreeMap<String, String>;
/// A preset's name, and whether it keeps a row.
type Rule = (&'static str, fn(&Row) -> bool);

/// The demo, which has every outcome and several runs of a task.
fn demo(query: &str) -> Browser {
    let browser = Browser::start();
    browser.open(query);
    browser.wait_until_done();
    browser
}

fn table(browser: &Browser) -> Table {
    steps::table(&browser.download("Download table"))
}

fn number(row: &Row, column: &str) -> Option<f64> {
    row[column].parse().ok()
}

fn at_most(row: &Row, column: &str, most: f64) -> bool {
    number(row, column).is_some_and(|value| value <= most)
}

/// Whether a row does not carry a sign: its number is below where it counts from, or not known.
fn without(row: &Row, sign: &str, from: f64) -> bool {
    number(row, &format!("sign_{sign}")).is_none_or(|value| value < from)
}

fn is_success(row: &Row) -> bool {
    row["outcome"] == "success"
}

fn has_patch(row: &Row) -> bool {
    number(row, "patch_files").is_some_and(|files| files > 0.0)
}

fn rows_of(table: &[Row]) -> Vec<&str> {
    table.iter().map(|row| row["row"].as_str()).collect()
}

/// The same rows with the same numbers; says which number is another.
fn assert_same(one: &[Row], other: &[Row]) {
    assert_eq!(rows_of(one), rows_of(other));
    for (one, other) in one.iter().zip(other) {
        for (column, value) in one {
            assert_eq!(value, &other[column], "{column} of row {}", one["row"]);
        }
    }
}

#[test]
fn each_preset_is_one_press_and_keeps_the_rows_that_it_says() {
    let browser = demo("");
    let all = table(&browser);
    let rules: [Rule; 4] = [
        ("tutorial", |row| {
            is_success(row) && has_patch(row) && at_most(row, "tokens", 32_768.0)
        }),
        ("paper", |row| {
            has_patch(row) && at_most(row, "tokens", 131_072.0)
        }),
        ("sera", |row| {
            let lines = number(row, "sign_big_patch").unwrap_or_default();
            let tokens = number(row, "sign_heavy_observations").unwrap_or_default();
            has_patch(row) && lines <= 40.0 && tokens <= 600.0 && without(row, "no_submit", 1.0)
        }),
        ("clean-tool-use", |row| {
            let spin = number(row, "sign_spin").unwrap_or_default();
            let signs = [
                ("bad_arguments", 1.0),
                ("unknown_tool", 1.0),
                ("missing_argument", 1.0),
                ("unpaired", 1.0),
                ("loop_same", 4.0),
                ("dangling_end", 1.0),
            ];
            spin <= 0.8 && signs.iter().all(|(sign, from)| without(row, sign, *from))
        }),
    ];
    for preset in Preset::ALL {
        browser.press(preset.title);
        for pair in preset.query.split('&') {
            let (key, value) = pair.split_once('=').expect("a pair");
            browser.wait_until(pair, |b| b.key(key).as_deref() == Some(value));
        }
        browser.wait_until_done();
        let kept = table(&browser);
        let rule = rules.iter().find(|(name, _)| *name == preset.name);
        let Some((name, passes)) = rule else {
            assert_at_most_three_successes_a_task(&all, &kept);
            continue;
        };
        let expected: Table = all.iter().filter(|row| passes(row)).cloned().collect();
        assert!(!expected.is_empty() && expected.len() < all.len(), "{name}");
        assert_eq!(rows_of(&kept), rows_of(&expected), "{name}");
    }
}

fn assert_at_most_three_successes_a_task(all: &[Row], kept: &[Row]) {
    let mut successes: HashMap<&str, usize> = HashMap::new();
    for row in all.iter().filter(|row| is_success(row)) {
        *successes.entry(&row["instance_id"]).or_default() += 1;
    }
    let expected: usize = successes.values().map(|&rows| rows.min(3)).sum();
    assert!(kept.iter().all(is_success));
    assert_eq!(kept.len(), expected);
    for (task, rows) in successes {
        let of_task = kept.iter().filter(|row| row["instance_id"] == task);
        assert_eq!(of_task.count(), rows.min(3), "{task}");
    }
}

#[test]
fn a_threshold_is_changed_by_keys_and_is_in_the_address() {
    let browser = demo("flag=!big-patch");
    let kept = table(&browser);
    browser.go_to("#threshold-big-patch");
    browser.wait_until("the field", |b| b.count("#threshold-big-patch") == 1);
    browser.script::<()>(
        "const field = document.getElementById('threshold-big-patch');
        field.focus();
        field.select();",
        Vec::new(),
    );
    browser.press_key(Key::Delete);
    browser.press_key("6");
    browser.press_key(Key::Up);
    browser.press_key(Key::Tab);
    browser.wait_until("the threshold in the address", |b| {
        b.key("signs").as_deref() == Some("big-patch:7")
    });
    let fewer = table(&browser);
    let is_small = |row: &&Row| number(row, "sign_big_patch").is_none_or(|lines| lines <= 7.0);
    assert!(fewer.len() < kept.len(), "{} rows", fewer.len());
    assert_eq!(
        rows_of(&fewer),
        kept.iter()
            .filter(is_small)
            .map(|row| row["row"].as_str())
            .collect::<Vec<_>>()
    );
    // Whoever opens the link has the same.
    let query = browser.query();
    browser.open(&query);
    browser.wait_until_done();
    assert_same(&table(&browser), &fewer);
}

#[test]
fn a_sign_is_followed_to_the_message_that_shows_it() {
    let browser = demo("");
    let all = table(&browser);
    let row = all
        .iter()
        .find(|row| number(row, "sign_error_rate").is_some_and(|rate| rate >= 0.15))
        .expect("a row with many errors")["row"]
        .clone();
    browser.open(&format!("signs=error-rate:0.15&row={row}"));
    browser.wait_until_done();
    let chip = "Many failed calls: go to the next message that shows it";
    browser.wait_until("the chip", |b| b.find_button(chip).is_some());
    let mut steps = Vec::new();
    for _ in 0..2 {
        browser.press(chip);
        browser.wait_until("another step", |b| {
            b.key("step").is_some_and(|step| !steps.contains(&step))
        });
        let step = browser.key("step").expect("a step");
        browser.wait_until("the mark", |b| {
            b.text_of("#reader .turn.chosen .mark")
                .contains("Many failed calls")
        });
        steps.push(step);
    }
}

#[test]
fn a_row_says_which_other_it_is_like_and_opens_it() {
    let made = rows::small(20);
    let mut texts = made.texts;
    texts.push(texts[3].clone());
    let split = Split::of("c", "s", &texts);
    let standin = StandIn::start(vec![DataSet::new("a/b").with(split)]);
    let browser = Browser::start();
    let query = steps::run_of(&standin, "a/b", "c", "s", texts.len() as u64);
    browser.open(&format!("{query}&row=3"));
    browser.wait_until_done();
    browser.press("Same calls twice: row 20; open row 20");
    browser.wait_until("the other row", |b| b.key("row").as_deref() == Some("20"));
    browser.press("Same calls twice: row 3; open row 3");
    browser.wait_until("the row before", |b| b.key("row").as_deref() == Some("3"));
}

#[test]
fn shares_are_balanced_and_what_that_did_to_the_mix_is_said() {
    let browser = demo("");
    browser.script::<()>(
        "document.getElementById('balance').closest('details').open = true",
        Vec::new(),
    );
    browser.choose("Balance by", "Outcome");
    browser.fill("Share of success", "0.5");
    browser.press_key(Key::Tab);
    browser.wait_until("the share in the address", |b| {
        b.key("share").as_deref() == Some("success:0.5")
    });
    let kept = table(&browser);
    let successes = kept.iter().filter(|row| is_success(row)).count();
    assert!(
        kept.len() > 20 && successes.abs_diff(kept.len() - successes) <= 1,
        "{successes} successes of {}",
        kept.len()
    );
    browser.wait_until("the words", |b| {
        let words = b.text_of("#mix");
        words.contains("Success") || words.contains("success")
    });
    let query = browser.query();
    browser.open(&query);
    browser.wait_until_done();
    assert_same(&table(&browser), &kept);
}

#[test]
fn the_funnel_lists_what_a_rule_alone_removes_and_a_row_says_which_rules_leave_it_out() {
    let browser = demo("outcome=success&turns=..10");
    let label = browser.script::<String>(
        "const button = document.querySelector('#funnel button[aria-expanded]');
        button.click();
        return button.getAttribute('aria-label');",
        Vec::new(),
    );
    let (_, rule) = label.split_once(" rows removed only by: ").expect("words");
    let (rule, _) = rule.split_once(". List").expect("a rule");
    browser.wait_until("the list", |b| b.count("#funnel .alone button") > 0);
    browser.script::<()>(
        "document.querySelector('#funnel .alone button').click()",
        Vec::new(),
    );
    browser.wait_until("the reader", |b| b.key("row").is_some());
    browser.wait_until("the rule", |b| {
        b.text_of("#reader")
            .contains(&format!("Excluded from the selection by: {rule}"))
    });
}

#[test]
fn two_groups_stand_side_by_side() {
    let browser = demo("compare=outcome");
    browser.go_to("#compare");
    browser.wait_until("the differences", |b| b.count("#compare tbody tr") > 5);
    let words = browser.text_of("#compare");
    assert!(
        words.contains("success:") && words.contains("failure:"),
        "{words}"
    );
    browser.choose("Groups by", "Harness");
    browser.wait_until("the groups in the address", |b| {
        b.key("compare").as_deref() == Some("harness")
            && b.text_of("#compare").contains("openhands:")
    });
}

#[test]
fn a_success_and_a_failure_of_a_task_become_a_pair() {
    let browser = demo("");
    let all = table(&browser);
    open_panel(&browser, "#pairs");
    let lines: Vec<Value> = browser
        .download("Download pairs")
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is JSON"))
        .collect();
    let manifest: Value =
        serde_json::from_str(browser.download("Download which rows are paired").text())
            .expect("a manifest");
    let pairs = manifest["pairs"].as_array().expect("pairs");
    assert!(!lines.is_empty() && lines.len() <= pairs.len());
    let outcome = |row: &Value| {
        let index = row.to_string();
        let row = all.iter().find(|known| known["row"] == index);
        row.map(|row| (row["outcome"].clone(), row["instance_id"].clone()))
            .expect("a row of the table")
    };
    for pair in pairs {
        let (chosen, rejected) = (outcome(&pair["chosen"]), outcome(&pair["rejected"]));
        assert_eq!(
            (chosen.0.as_str(), rejected.0.as_str()),
            ("success", "failure")
        );
        assert_eq!(chosen.1, rejected.1, "one task");
    }
    for line in &lines {
        for side in ["prompt", "chosen", "rejected"] {
            assert!(line[side].as_array().is_some_and(|side| !side.is_empty()));
        }
        assert_ne!(line["chosen"], line["rejected"]);
        assert_ne!(line["prompt"], json!([]));
    }
}

#[test]
fn the_address_says_which_pairs_are_wanted_and_the_manifests_link_makes_the_same_file() {
    let is_open = |b: &Browser| b.count("#pairs details[open]") == 1;
    let browser = demo("");
    assert!(!is_open(&browser));
    open_panel(&browser, "#pairs");
    browser.choose("A pair is", "best");
    browser.fill("Most pairs per task", "2\t");
    browser.wait_until("the pairs in the address", |b| {
        b.key("pairs").as_deref() == Some("best") && b.key("pairs-most").as_deref() == Some("2")
    });
    let button = "Download which rows are paired";
    let manifest = |browser: &Browser| -> Value {
        serde_json::from_str(browser.download(button).text()).expect("a manifest")
    };
    assert_eq!(manifest(&browser)["written"], Value::Null);
    let file = browser.download("Download pairs").bytes;
    let made = manifest(&browser);
    let hash: String = <sha2::Sha256 as sha2::Digest>::digest(&file)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(made["written"]["file"]["sha256"], hash);
    assert_eq!(
        (&made["pairing"], &made["most"], &made["dataset"]),
        (&json!("best"), &json!(2), &json!("demo"))
    );
    // The link is enough: the panel is open, and the file the same.
    let link = made["recipe"].as_str().expect("a link");
    browser.open(link.split_once('?').expect("a query").1);
    browser.wait_until_done();
    assert!(is_open(&browser));
    assert_eq!(browser.value("Most pairs per task"), "2");
    assert!(browser.download("Download pairs").bytes == file);
    assert_eq!(manifest(&browser), made);
    // Of another choice nothing was written yet.
    browser.fill("Most pairs per task", "1\t");
    browser.wait_until("the other choice", |b| {
        b.key("pairs-most").as_deref() == Some("1")
    });
    assert_eq!(manifest(&browser)["written"], Value::Null);
}

#[test]
fn the_budget_says_what_it_keeps_and_what_training_costs() {
    let browser = demo("budget=8192&price=2&epochs=3");
    browser.wait_until("limits", |b| b.text_of("#budget-view").contains("8,192"));
    browser.wait_until("sequences", |b| {
        b.text_of("#budget-view").contains("sequence")
    });
    let words = browser.text_of("#budget-view");
    assert!(words.contains("LLaMA-Factory"), "{words}");
    assert!(words.contains("At 8,192 tokens"), "{words}");

    browser.choose("Share kept of the", "tokens");
    browser.choose("Lines by", "language");
    browser.wait_until("the address", |b| {
        b.key("curves").as_deref() == Some("tokens:language")
    });
    browser.go_to("#budget-view");
    let drawn = "return document.querySelector('#budget-view canvas').getAttribute('aria-label')";
    browser.wait_until("the chart in words", |b| {
        b.script::<String>(drawn, vec![]).contains("language")
    });
}

fn open_panel(browser: &Browser, panel: &str) {
    browser.go_to(panel);
    browser.script::<()>(
        "const fold = document.querySelector(arguments[0] + ' details'); if (fold) fold.open = true",
        vec![panel.into()],
    );
}
