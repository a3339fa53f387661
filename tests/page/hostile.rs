//! Text that wants to be more than text, and rows that are larger or emptier than any should be.
//! It is shown as it is, written as it is, and runs nothing.

use serde_json::{Value, json};

use super::browser::Browser;
use super::rows;
use super::standin::StandIn;
use super::standin::arrow::Type;
use super::standin::dataset::{DataSet, Split};
use super::steps;
use super::steps::DOWNLOAD;

const ATTACKS: [&str; 6] = [
    "<script>window.__pwned = 'script'</script>",
    "<img src=x onerror=\"window.__pwned = 'img'\">",
    "</textarea></title></style></svg><svg onload=\"window.__pwned = 'svg'\">",
    "javascript:window.__pwned='url'",
    "\u{1b}[31mred\u{1b}[0m \u{1b}]8;;http://evil\u{7}link\u{1b}]8;;\u{7} \u{0} \u{8}",
    "\u{202e}evil\u{2066}hidden\u{2069} \u{feff}\u{200b}{{constructor.constructor('window.__pwned=1')()}}",
];

/// A row in which every text is hostile.
fn attack(index: usize) -> String {
    let text = ATTACKS[index % ATTACKS.len()];
    json!({
        "instance_id": text, "repo": text, "license": text, "language": text, "trajectory_id": format!("{index} {text}"),
        "messages": [
            {"role": "system", "content": text},
            {"role": "user", "content": format!("{text}\n\n# heading\n![x](javascript:alert(1))")},
            {"role": "assistant", "content": text, "reasoning_content": text, "tool_calls": [
                {"id": text, "type": "function", "function": {"name": text, "arguments": json!({text: text}).to_string()}}]},
            {"role": "tool", "content": text, "tool_call_id": text},
            {"role": "assistant", "content": text},
        ],
        "tools": [json!({"type": "function", "function": {"name": text, "description": text}}).to_string()],
        "resolved": 1,
        "metadata": {"category": text, "model_patch": {"patch": format!("diff --git a/{text} b/{text}\n--- a/{text}\n+++ b/{text}\n@@ -1 +1 @@\n-{text}\n+{text} {text}\n")},
                     "reference_patch": {"patch": rows::patch(1)}},
    })
    .to_string()
}

fn is_pwned(browser: &Browser) -> bool {
    browser.script(
        "return '__pwned' in window || document.querySelector('#app script, #app img, #app iframe, #app [onerror], #app [onload]') !== null",
        Vec::new(),
    )
}

fn open(standin: &StandIn, browser: &Browser, rows: usize) {
    browser.open(&steps::run_of(standin, "a/b", "c", "s", rows as u64));
    browser.wait_until_done();
}

#[test]
fn text_that_looks_like_code_is_shown_and_written_as_text() {
    let texts: Vec<String> = (0..12).map(attack).collect();
    let standin = StandIn::start(vec![DataSet::new("a/b").with(Split::of("c", "s", &texts))]);
    let browser = Browser::start();
    open(&standin, &browser, 12);
    // Every fold with values is opened, every row is read.
    browser.script::<()>(
        "document.querySelectorAll('details').forEach(fold => fold.open = true)",
        Vec::new(),
    );
    for (row, attack) in ATTACKS.iter().enumerate() {
        browser.open(&format!(
            "{}&row={row}",
            steps::run_of(&standin, "a/b", "c", "s", 12)
        ));
        browser.wait_until_done();
        browser.wait_until("the row in the reader", |b| {
            b.content_of("#reader").len() > 100
        });
        browser.script::<()>(
            "document.querySelectorAll('details').forEach(fold => fold.open = true)",
            Vec::new(),
        );
        assert!(!is_pwned(&browser), "{attack}");
        if row < 2 {
            let reader = browser.content_of("#reader");
            assert!(reader.contains(attack), "{attack} in {reader}");
        }
    }
    let lines = steps::lines(&browser.download(DOWNLOAD));
    for (index, line) in lines.iter().enumerate() {
        let original: Value = serde_json::from_str(&texts[index]).expect("a row");
        assert_eq!(
            steps::messages(line)[1]["content"],
            original["messages"][1]["content"]
        );
        assert_eq!(
            steps::messages(line)[2]["reasoning_content"],
            original["messages"][2]["reasoning_content"]
        );
        let call = steps::calls(&steps::messages(line)[2])
            .next()
            .expect("a call");
        assert_eq!(
            call["function"],
            original["messages"][2]["tool_calls"][0]["function"]
        );
    }
    let table = steps::table(&browser.download("Download table"));
    assert_eq!(table[1]["repo"], ATTACKS[1]);
    assert!(!is_pwned(&browser));
}

#[test]
fn an_observation_of_five_megabytes_is_read_measured_and_folded() {
    let mut row: Value = serde_json::from_str(&rows::made(3, "g3", 5).0).expect("a row");
    let big = "0123456789abcdef 漢字 <b>\n".repeat(5_000_000 / 28);
    row["messages"][3]["content"] = json!(big);
    let texts = vec![rows::made(0, "g3", 5).0, row.to_string()];
    let standin = StandIn::start(vec![DataSet::new("a/b").with(Split::of("c", "s", &texts))]);
    let browser = Browser::start();
    browser.open(&format!(
        "{}&row=1",
        steps::run_of(&standin, "a/b", "c", "s", 2)
    ));
    browser.wait_until_done();
    let table = steps::table(&browser.download("Download table"));
    assert!(
        table[1]["tokens_observations"]
            .parse::<u64>()
            .expect("a count")
            > 500_000,
        "{:?}",
        table[1]
    );
    browser.wait_until("the row in the reader", |b| {
        b.content_of("#reader").contains("Issue 3")
    });
    let shown: usize = browser.script(
        "return document.querySelector('#reader').textContent.length",
        Vec::new(),
    );
    assert!(shown < 1_000_000, "{shown} characters are in the document");
    let lines = steps::lines(&browser.download(DOWNLOAD));
    assert_eq!(steps::messages(&lines[1])[3]["content"], big.as_str());
}

#[test]
fn a_patch_of_two_hundred_thousand_lines_is_counted_and_opened() {
    let lines = 200_000;
    let mut patch = format!(
        "diff --git a/big.txt b/big.txt\n--- a/big.txt\n+++ b/big.txt\n@@ -1,{0} +1,{0} @@\n",
        lines / 2
    );
    for number in 0..lines / 2 {
        patch += &format!("-old line {number}\n+new line {number}\n");
    }
    let mut row: Value = serde_json::from_str(&rows::made(1, "g3", 5).0).expect("a row");
    row["metadata"]["model_patch"]["patch"] = json!(patch);
    row["metadata"]["reference_patch"]["patch"] = json!(patch);
    let texts = vec![row.to_string()];
    let standin = StandIn::start(vec![DataSet::new("a/b").with(Split::of("c", "s", &texts))]);
    let browser = Browser::start();
    browser.open(&format!(
        "{}&row=0",
        steps::run_of(&standin, "a/b", "c", "s", 1)
    ));
    browser.wait_until_done();
    let table = steps::table(&browser.download("Download table"));
    assert_eq!(
        (
            table[0]["patch_added"].as_str(),
            table[0]["patch_deleted"].as_str()
        ),
        ("100000", "100000")
    );
    assert_eq!(table[0]["overlap_lines"], "1");
    browser.wait_until("the row in the reader", |b| {
        b.content_of("#reader").contains("Issue 1")
    });
    let nodes: usize = browser.script(
        "return document.querySelectorAll('#reader *').length",
        Vec::new(),
    );
    assert!(nodes < 20_000, "{nodes} elements for one patch");
}

#[test]
fn nulls_everywhere_lose_no_row() {
    let row: Value = serde_json::from_str(&rows::made(0, "g3", 4).0).expect("a row");
    let mut texts = vec![row.to_string()];
    for column in row.as_object().expect("an object").keys() {
        let mut one = row.clone();
        one[column] = Value::Null;
        texts.push(one.to_string());
    }
    let mut hollow = row.clone();
    for message in hollow["messages"].as_array_mut().expect("messages") {
        for key in ["content", "reasoning_content", "tool_calls"] {
            message[key] = Value::Null;
        }
    }
    texts.push(hollow.to_string());
    let row_type = Type::of(&row);
    let count = texts.len();
    let standin = StandIn::start(vec![
        DataSet::new("a/b").with(Split::verbatim("c", "s", row_type, texts)),
    ]);
    let browser = Browser::start();
    open(&standin, &browser, count);
    // Only the row without messages has nothing to measure; it is either measured as empty or listed.
    let measured = steps::table(&browser.download("Download table")).len();
    let listed = usize::from(browser.count("#bad-rows") > 0);
    assert_eq!(measured + listed, count);
    assert!(measured >= count - 1);
}

#[test]
fn bad_rows_are_listed_with_their_reason_and_the_run_goes_on() {
    let good = |index| rows::made(index, "g3", 4).0;
    let texts = vec![
        good(0),
        "null".to_owned(),
        "[1, 2]".to_owned(),
        good(3),
        json!({"messages": 7}).to_string(),
        json!({"messages": "[{\"role\": \"user\""}).to_string(),
        good(6),
    ];
    let row_type = Type::of(&serde_json::from_str(&texts[0]).expect("a row"));
    let standin = StandIn::start(vec![
        DataSet::new("a/b").with(Split::verbatim("c", "s", row_type, texts)),
    ]);
    let browser = Browser::start();
    open(&standin, &browser, 7);
    let table = steps::table(&browser.download("Download table"));
    for row in ["0", "3", "6"] {
        assert!(steps::texts(&table, "row").contains(&row), "row {row}");
    }
    browser.script::<()>(
        "document.querySelectorAll('details').forEach(fold => fold.open = true)",
        Vec::new(),
    );
    let listed = browser.text_of("#bad-rows");
    for row in ["Row 1", "Row 2"] {
        assert!(listed.contains(row), "{row} in {listed}");
    }
    assert_eq!(steps::lines(&browser.download(DOWNLOAD)).len(), table.len());
}

#[test]
fn a_spreadsheet_runs_no_text_of_the_table_unless_exact_texts_are_asked_for() {
    const FORMULA: &str = "=HYPERLINK(\"http://evil\")";
    let row = |index| {
        let mut row: Value = serde_json::from_str(&rows::made(index, "g3", 4).0).expect("a row");
        row["repo"] = json!(FORMULA);
        row.to_string()
    };
    let split = Split::made("c", "s", 3, row);
    let standin = StandIn::start(vec![DataSet::new("a/b").with(split)]);
    let browser = Browser::start();
    browser.open(&steps::run_of(&standin, "a/b", "c", "s", 3));
    browser.wait_until_done();
    let repos = |browser: &Browser| {
        let table = steps::table(&browser.download("Download table"));
        steps::texts(&table, "repo").join(" ")
    };
    assert_eq!(
        repos(&browser),
        [&format!("'{FORMULA}") as &str; 3].join(" ")
    );
    browser.script::<Value>("document.querySelector('input[name=csv]').click();", vec![]);
    browser.wait_until("the key of the address", |b| {
        b.key("csv").as_deref() == Some("exact")
    });
    assert_eq!(repos(&browser), [FORMULA; 3].join(" "));
}
