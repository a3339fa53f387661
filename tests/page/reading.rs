//! Rows and reader as a person uses them: beside each other or one over the other, by mouse, by keyboard, by a link.
//! What is looked for is said by the rows' maker or by the downloaded table, not by the page.

use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::Key;

use super::browser::Browser;
use super::standin::StandIn;
use super::standin::dataset::{DataSet, Split};
use super::{rows, steps};

fn demo(query: &str) -> Browser {
    let browser = Browser::start();
    browser.resize(1440, 900);
    browser.open(&format!("{query}&place=rows"));
    browser.wait_until_done();
    browser.wait_until("rows", |b| b.count("#rows .grid-body [role=row]") > 0);
    browser
}

/// A run on the stand-in, with its row 0 open.
fn opened(row: &Value) -> (StandIn, Browser) {
    let texts = vec![row.to_string(), rows::made(1, "g3", 5).0];
    let standin = StandIn::start(vec![DataSet::new("a/b").with(Split::of("c", "s", &texts))]);
    let browser = Browser::start();
    browser.resize(1440, 900);
    let query = steps::run_of(&standin, "a/b", "c", "s", 2);
    browser.open(&format!("{query}&row=0"));
    browser.wait_until_done();
    browser.wait_until("the reader", |b| b.count("#reader .turn .who") > 0);
    (standin, browser)
}

fn script<T: serde::de::DeserializeOwned>(browser: &Browser, script: &str) -> T {
    browser.script(script, Vec::new())
}

fn focus_table(browser: &Browser) {
    script::<()>(
        browser,
        "document.querySelector('#rows [role=grid]').focus()",
    );
}

/// The table's rows that are in the document, from top to bottom, by the first cell of each.
fn shown_rows(browser: &Browser) -> Vec<String> {
    browser.wait_until("the rows", |b| b.count("#rows .grid-body [role=row]") > 0);
    script(
        browser,
        "const rows = [...document.querySelectorAll('#rows .grid-body [role=row]')];
         const place = row => Number(row.getAttribute('aria-rowindex'));
         return rows.sort((a, b) => place(a) - place(b)).map(row => row.querySelector('[role=gridcell]').innerText)",
    )
}

/// The active row's place, by what is told to a screen reader; the focus has to be on the table.
fn active_row(browser: &Browser) -> usize {
    browser.wait_until("the active row is in sight", |b| {
        script(
            b,
            "const grid = document.querySelector('#rows [role=grid]');
             const row = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '');
             if (!row || document.activeElement !== grid) return false;
             const [of, within] = [row.getBoundingClientRect(), grid.getBoundingClientRect()];
             return row.classList.contains('active') && of.top >= within.top - 1 && of.bottom <= within.bottom + 1",
        )
    });
    script(
        browser,
        "const grid = document.querySelector('#rows [role=grid]');
         return Number(document.getElementById(grid.getAttribute('aria-activedescendant')).getAttribute('aria-rowindex')) - 2",
    )
}

fn is_focus_in(browser: &Browser, selector: &str) -> bool {
    browser.script(
        "return document.querySelector(arguments[0])?.contains(document.activeElement) ?? false",
        vec![json!(selector)],
    )
}

#[test]
fn the_reader_stands_beside_the_table_and_both_are_within_the_window() {
    let browser = demo("");
    focus_table(&browser);
    browser.press_key(Key::Down);
    browser.press_key(Key::Enter);
    browser.wait_until("the reader", |b| b.count("#reader .turn .who") > 0);
    browser.screenshot("reading-beside");
    let is_beside: bool = script(
        &browser,
        "const of = selector => document.querySelector(selector).getBoundingClientRect();
         const [table, reader] = [of('#rows .grid'), of('#reader dialog')];
         return table.right <= reader.left && table.width > 250 && reader.width > 400
             && Math.min(table.top, reader.top) >= 0 && Math.max(table.bottom, reader.bottom) <= innerHeight",
    );
    assert!(
        is_beside,
        "table and reader are not side by side in the window"
    );
    assert!(is_focus_in(&browser, "#reader .open"));
    browser.prefer_dark(true);
    browser.screenshot("reading-beside-dark");
    browser.prefer_dark(false);
    // The head stays while the messages scroll.
    let head: bool = script(
        &browser,
        "const head = document.querySelector('#reader header'), body = document.querySelector('#reader .body');
         const before = head.getBoundingClientRect().top;
         body.scrollTop = 400;
         return body.scrollTop > 0 && head.getBoundingClientRect().top === before",
    );
    assert!(head, "the head has moved, or nothing scrolls");
    browser.press_key(Key::Escape);
    browser.wait_until("the end of the reader", |b| b.count("#reader .open") == 0);
    assert_eq!(active_row(&browser), 0);
    browser.wait_until("no row in the address", |b| b.key("row").is_none());
}

#[test]
fn on_a_phone_the_reader_lies_over_the_page_and_gives_the_focus_back() {
    let browser = demo("");
    browser.resize(390, 844);
    browser.screenshot("reading-phone-table");
    for close in [None, Some("Close")] {
        focus_table(&browser);
        browser.press_key(Key::Home);
        browser.press_key(Key::Down);
        browser.press_key(Key::Enter);
        browser.wait_until("the reader", |b| {
            b.count("#reader dialog:modal .turn .who") > 0
        });
        assert!(is_focus_in(&browser, "#reader dialog"));
        let covers: bool = script(
            &browser,
            "const of = document.querySelector('#reader dialog').getBoundingClientRect();
             return of.top <= 0 && of.left <= 0 && of.right >= innerWidth && of.bottom >= innerHeight",
        );
        assert!(covers, "the reader leaves a part of the phone free");
        browser.screenshot("reading-phone");
        browser.prefer_dark(true);
        browser.screenshot("reading-phone-dark");
        browser.prefer_dark(false);
        match close {
            Some(button) => browser.press(button),
            None => browser.press_key(Key::Escape),
        }
        browser.wait_until("the end of the reader", |b| {
            b.count("#reader dialog[open]") == 0
        });
        assert_eq!(active_row(&browser), 1);
    }
}

#[test]
fn the_table_keeps_the_focus_however_far_it_is_moved_through() {
    let browser = demo("");
    focus_table(&browser);
    let scrolled: i64 = script(&browser, "return window.scrollY");
    let last: usize = script(
        &browser,
        "return document.querySelector('#rows [role=grid]').getAttribute('aria-rowcount') - 2",
    );
    assert_eq!(last, 499);
    browser.press_key(Key::End);
    assert_eq!(active_row(&browser), last);
    browser.press_key(Key::PageUp);
    let above = active_row(&browser);
    assert!((1..last).contains(&above), "{above}");
    browser.press_key(Key::PageDown);
    assert_eq!(active_row(&browser), last);
    browser.press_key(Key::Home);
    assert_eq!(active_row(&browser), 0);
    assert_eq!(script::<i64>(&browser, "return window.scrollY"), scrolled);
    for _ in 0..3 {
        browser.press_key(Key::PageDown);
    }
    let at = active_row(&browser);
    browser.press_key(Key::Enter);
    browser.wait_until("the row", |b| b.key("row") == Some(at.to_string()));
}

#[test]
fn a_row_that_is_clicked_leaves_the_focus_in_the_table_for_the_next_one() {
    let browser = demo("");
    let click =
        "document.querySelectorAll('#rows .grid-body [role=row]')[3].querySelector('span').click()";
    focus_table(&browser);
    script::<()>(&browser, click);
    browser.wait_until("the reader", |b| b.count("#reader .turn .who") > 0);
    assert_eq!(active_row(&browser), 3);
    browser.wait_until("the row", |b| b.key("row").as_deref() == Some("3"));
    browser.press_key(Key::Down);
    browser.press_key(" ");
    browser.wait_until("the next row", |b| b.key("row").as_deref() == Some("4"));
    assert_eq!(active_row(&browser), 4);
}

#[test]
fn runs_follow_each_other_as_in_the_table_and_the_link_keeps_its_order() {
    let browser = demo("outcome=success");
    browser.press("[data-sort=tokens]");
    browser.wait_until("the order in the address", |b| {
        b.key("sort").as_deref() == Some("-tokens")
    });
    let table = steps::table(&browser.download("Download table"));
    let mut most: Vec<(u64, u64)> = table
        .iter()
        .map(|row| {
            (
                row["tokens"].parse().expect("tokens"),
                row["row"].parse().expect("a row"),
            )
        })
        .collect();
    most.sort_by_key(|&(tokens, row)| (std::cmp::Reverse(tokens), row));
    let expected: Vec<String> = most
        .iter()
        .take(4)
        .map(|(_, row)| row.to_string())
        .collect();
    browser.wait_until("the order", |b| shown_rows(b).starts_with(&expected));
    focus_table(&browser);
    browser.press_key(Key::Home);
    browser.press_key(Key::Enter);
    browser.wait_until("the first", |b| b.key("row").as_ref() == Some(&expected[0]));
    for next in &expected[1..] {
        browser.press("Next run");
        browser.wait_until("the next", |b| b.key("row").as_ref() == Some(next));
    }
    browser.wait_until("the place", |b| {
        b.text_of("#reader header .steps").contains("4 of")
    });
    browser.press("Previous run");
    browser.wait_until("the third again", |b| {
        b.key("row").as_ref() == Some(&expected[2])
    });
    let query = browser.query();
    browser.open(&query);
    browser.wait_until_done();
    browser.wait_until("the same order", |b| shown_rows(b).starts_with(&expected));
    browser.press("[data-sort=tokens]");
    browser.wait_until("the least first", |b| {
        b.key("sort").as_deref() == Some("tokens")
    });
}

#[test]
fn a_row_is_found_by_its_number_and_by_its_task() {
    let browser = demo("");
    let table = steps::table(&browser.download("Download table"));
    let task = &table[5]["instance_id"];
    let of_task: Vec<String> = table
        .iter()
        .filter(|row| row["instance_id"].contains(task.as_str()))
        .map(|row| row["row"].clone())
        .collect();
    browser.fill("Find a row", &task.to_uppercase());
    browser.wait_until("the runs of the task", |b| shown_rows(b) == of_task);
    browser.wait_until("the address", |b| b.key("find").is_some());
    let query = browser.query();
    browser.open(&query);
    browser.wait_until_done();
    browser.wait_until("the same rows", |b| shown_rows(b) == of_task);
    // Only the table has fewer rows.
    assert_eq!(
        steps::table(&browser.download("Download table")).len(),
        table.len()
    );
    browser.fill("Find a row", "#12");
    browser.wait_until("the row", |b| shown_rows(b).contains(&"12".to_owned()));
}

#[test]
fn columns_are_chosen_from_groups_and_kept_in_the_link() {
    let browser = demo("");
    script::<()>(
        &browser,
        "document.querySelector('#rows .columns summary').click()",
    );
    browser.wait_until("the groups", |b| b.count(".columns fieldset") > 5);
    browser.screenshot("reading-columns");
    let titles: Vec<String> = script(
        &browser,
        "return [...document.querySelectorAll('.columns label')].map(label => label.innerText.trim())",
    );
    let distinct: std::collections::BTreeSet<_> = titles.iter().collect();
    assert_eq!(
        (
            distinct.len(),
            titles.contains(&"⚑ Bad arguments".to_owned())
        ),
        (titles.len(), true)
    );
    for column in ["Teacher", "⚑ Bad arguments"] {
        let label = "[...document.querySelectorAll('.columns label')].find(label => label.innerText.trim() === arguments[0]).click()";
        browser.script::<()>(label, vec![json!(column)]);
    }
    let heads = |b: &Browser| b.text_of("#rows .grid-head");
    browser.wait_until("the columns", |b| {
        heads(b).contains("⚑ Bad arguments") && !heads(b).contains("Teacher")
    });
    browser.wait_until("the address", |b| {
        b.key("columns")
            .is_some_and(|columns| columns.ends_with("signs,sign_bad_arguments"))
    });
    let query = browser.query();
    browser.open(&query);
    browser.wait_until_done();
    browser.wait_until("the same columns", |b| {
        heads(b).contains("⚑ Bad arguments") && !heads(b).contains("Teacher")
    });
}

#[test]
fn a_table_that_is_flung_shows_rows_wherever_it_comes_to_rest() {
    let browser = demo("rows=2000&run=1");
    for _ in 0..12 {
        script::<()>(
            &browser,
            "document.querySelector('#rows .grid').scrollBy(0, 2500 + 900 * Math.random())",
        );
        let is_filled = "
            const grid = document.querySelector('#rows .grid'), of = grid.getBoundingClientRect();
            await new Promise(requestAnimationFrame);
            await new Promise(requestAnimationFrame);
            return [0.2, 0.5, 0.9].every(share =>
                document.elementFromPoint(of.left + 30, of.top + of.height * share)?.closest('.grid-body [role=row]'))";
        assert!(script::<bool>(&browser, is_filled), "a hole in the table");
    }
}

#[test]
fn messages_are_walked_through_by_the_strip_by_buttons_and_by_errors() {
    let mut row: Value = serde_json::from_str(&rows::made(0, "g3", 20).0).expect("a row");
    let messages = row["messages"].as_array_mut().expect("messages");
    let observations = messages
        .iter_mut()
        .filter(|message| message["role"] == "tool");
    let failing: Vec<_> = observations
        .enumerate()
        .filter(|(at, _)| at % 7 == 3)
        .collect();
    let failed = failing.len();
    for (_, message) in failing {
        message["content"] = json!("ERROR: no such file\n[Command finished with exit code 2]");
    }
    let last = messages.len() - 1;
    let (_standin, browser) = opened(&row);
    browser.press("Next message");
    browser.wait_until("a message", |b| b.key("step").as_deref() == Some("1"));
    script::<()>(
        &browser,
        "document.querySelector('#reader [role=slider]').focus()",
    );
    browser.press_key(Key::End);
    browser.wait_until("the last one", |b| b.key("step") == Some(last.to_string()));
    let told: String = script(
        &browser,
        "return document.activeElement.getAttribute('aria-valuetext')",
    );
    assert!(told.starts_with(&format!("Message {last}")), "{told}");
    browser.wait_until("the message is in sight", |b| {
        script(
            b,
            "const body = document.querySelector('#reader .body').getBoundingClientRect();
             const of = document.querySelector('#reader .turn.chosen')?.getBoundingClientRect();
             return !!of && of.top >= body.top - 1 && of.top < body.bottom",
        )
    });
    browser.press("Only errors");
    let shown = "return [...document.querySelectorAll('#reader .turn')].filter(turn => turn.checkVisibility())
        .map(turn => turn.className.includes('failed'))";
    let errors: Vec<bool> = script(&browser, shown);
    assert_eq!(errors, vec![true; 2 * failed]);
    browser.press("Only the assistant");
    let roles: Vec<String> = script(
        &browser,
        "return [...document.querySelectorAll('#reader .turn')].filter(turn => turn.checkVisibility()).map(turn => turn.classList[1])",
    );
    assert!(
        roles.len() > 15 && roles.iter().all(|role| role == "assistant"),
        "{roles:?}"
    );
    // A click on the strip brings a message that was left out.
    script::<()>(
        &browser,
        "const strip = document.querySelector('#reader [role=slider]'), of = strip.getBoundingClientRect();
         strip.dispatchEvent(new MouseEvent('click', {clientX: of.left + 1, clientY: of.top + 5, bubbles: true}))",
    );
    browser.wait_until("the first message", |b| {
        b.key("step").as_deref() == Some("0") && b.count("#reader .turns[data-show=all]") == 1
    });
}

#[test]
fn what_is_looked_for_in_a_run_is_found_in_folded_texts_and_unfolded() {
    let mut row: Value = serde_json::from_str(&rows::made(0, "g3", 12).0).expect("a row");
    let messages = row["messages"].as_array_mut().expect("messages");
    let long = format!(
        "{}the Needle lies here\n{}",
        "hay\n".repeat(60_000),
        "hay\n".repeat(9_000)
    );
    let tool = messages
        .iter()
        .position(|message| message["role"] == "tool");
    let tool = tool.expect("an observation");
    messages[tool]["content"] = json!(long);
    let last = messages.len() - 1;
    messages[last]["reasoning_content"] = json!("a second NEEDLE");
    let (_standin, browser) = opened(&row);
    assert!(!browser.content_of("#reader").contains("Needle"));
    browser.fill("Find in this run", "needle");
    let count = |b: &Browser| b.text_of("#reader .search [role=status]");
    browser.wait_until("the first match", |b| count(b) == "1/2");
    let is_in_sight = |b: &Browser| -> bool {
        script(
            b,
            "const mark = document.querySelector('#reader mark.now')?.getBoundingClientRect();
             const body = document.querySelector('#reader .body').getBoundingClientRect();
             return !!mark && mark.top >= body.top && mark.bottom <= body.bottom",
        )
    };
    browser.wait_until("the match in the folded text", is_in_sight);
    browser.screenshot("reading-search");
    assert_eq!(browser.text_of("#reader mark.now"), "Needle");
    browser.press("Next match");
    browser.wait_until("the second match", |b| {
        count(b) == "2/2" && is_in_sight(b) && b.text_of("#reader mark.now") == "NEEDLE"
    });
    browser.press("Next match");
    browser.wait_until("the first again", |b| count(b) == "1/2" && is_in_sight(b));
    browser.fill("Find in this run", "no such words");
    browser.wait_until("nothing", |b| {
        count(b) == "none" && b.count("#reader mark") == 0
    });
    // Escape ends the search first, and then closes the reader.
    browser.press_key(Key::Escape);
    browser.wait_until("no search", |b| count(b).is_empty());
    assert_eq!(browser.count("#reader .open"), 1);
    browser.press_key(Key::Escape);
    browser.wait_until("the end of the reader", |b| b.count("#reader .open") == 0);
}

#[test]
fn what_a_filter_has_found_is_marked_in_texts_calls_and_the_patch() {
    let mut row: Value = serde_json::from_str(&rows::made(0, "g3", 6).0).expect("a row");
    let messages = row["messages"].as_array_mut().expect("messages");
    messages[1]["content"] = json!("GROẞ, not small: KeyError: 17");
    row["metadata"]["model_patch"]["patch"] = json!(rows::patch(0));
    let (_standin, browser) = opened(&row);
    let count = |b: &Browser| b.text_of("#reader .search [role=status]");
    let now = |b: &Browser| b.text_of("#reader mark.now");
    let query = browser.query();
    // The filter's pattern is found in the reader as it is, and the link leads to the match.
    browser.open(&format!("{query}&text=observation:/line%20%5Cd%20of/"));
    browser.wait_until_done();
    browser.wait_until("a match of the pattern", |b| {
        count(b).starts_with("1/") && now(b) == "line 0 of"
    });
    for (wanted, found) in [
        ("groß", "GROẞ"),
        ("/Key\\w+: \\d+/", "KeyError: 17"),
        ("call:command", "command"),
    ] {
        browser.fill("Find in this run", wanted);
        browser.wait_until(wanted, |b| count(b).starts_with("1/") && now(b) == found);
    }
    browser.fill("Find in this run", "patch:/let n\\b/");
    browser.wait_until("a match in the patch", |b| {
        count(b).starts_with("1/") && b.text_of("#reader .diff mark.now") == "let n"
    });
    browser.screenshot("reading-patch-search");
    browser.fill("Find in this run", "/(/");
    browser.wait_until("what is wrong with it", |b| {
        b.text_of("#reader .tools .error")
            .contains("not a regular expression")
    });
    assert_eq!(browser.count("#reader mark"), 0);
}

#[test]
fn of_a_run_of_thousands_of_messages_only_those_near_are_built() {
    let mut row: Value = serde_json::from_str(&rows::made(0, "g3", 4).0).expect("a row");
    let messages = row["messages"].as_array_mut().expect("messages");
    let pair: Vec<Value> = messages[2..4].to_vec();
    let (head, rest) = (messages[..2].to_vec(), messages[4..].to_vec());
    let middle = (0..1500).flat_map(|_| pair.clone());
    *messages = head.into_iter().chain(middle).chain(rest).collect();
    let last = messages.len() - 1;
    let (_standin, browser) = opened(&row);
    browser.wait_until("all places", |b| b.count("#reader .turn") == last + 1);
    let built = browser.count("#reader .turn > .who");
    assert!((5..200).contains(&built), "{built} messages are built");
    script::<()>(
        &browser,
        "document.querySelector('#reader [role=slider]').focus()",
    );
    browser.press_key(Key::End);
    browser.wait_until("the last message", |b| {
        b.count(&format!("#message-{last}.chosen > .who")) == 1
    });
    let built = browser.count("#reader .turn > .who");
    assert!(built < 400, "{built} messages are built");
}

#[test]
fn runs_of_a_task_stand_beside_each_other_turn_by_turn_and_by_link() {
    // Every seventeenth row is of the same task.
    let made: Vec<_> = [0, 1, 17].map(|index| rows::made(index, "g3", 6)).into();
    let turns = [made[0].1.turns, made[2].1.turns];
    let texts: Vec<String> = made.into_iter().map(|(text, _)| text).collect();
    let standin = StandIn::start(vec![DataSet::new("a/b").with(Split::of("c", "s", &texts))]);
    let browser = Browser::start();
    browser.resize(1440, 900);
    let query = steps::run_of(&standin, "a/b", "c", "s", 3);
    browser.open(&format!("{query}&row=0"));
    browser.wait_until_done();
    browser.press("1 other run of this task");
    browser.screenshot("reading-others");
    script::<()>(
        &browser,
        "[...document.querySelectorAll('.others label')].find(label => label.innerText.includes('Row 2:')).click()",
    );
    browser.wait_until("the address", |b| b.key("beside").as_deref() == Some("2"));
    let columns = |b: &Browser| -> Vec<u64> {
        [1, 2]
            .map(|column| b.count(&format!(".lines tbody td:nth-child({column}) .act")) as u64)
            .into()
    };
    browser.wait_until("the turns", |b| columns(b) == turns);
    let words = browser.text_of(".lines tbody");
    assert!(
        words.contains("read") && words.contains("submit"),
        "{words}"
    );
    script::<()>(
        &browser,
        "document.querySelector('.lines tbody td:nth-child(2) .act').click()",
    );
    browser.wait_until("the turn itself", |b| {
        b.content_of(".lines .whole").contains("Step 0 of row 17.")
    });
    assert!(browser.content_of(".lines .whole").contains("line 0 of 17"));
    assert_eq!(browser.text_of(".files tbody th"), "src/parser.rs");
    browser.screenshot("reading-beside-each-other");
    let query = browser.query();
    browser.open(&query);
    browser.wait_until_done();
    browser.wait_until("the same runs", |b| columns(b) == turns);
    browser.press("Back to one run");
    browser.wait_until("one run", |b| {
        b.key("beside").is_none() && b.count("#reader .turn .who") > 0
    });
}

/// What a task may take in the page that tests build, which is compiled for a quick build, as in `thread`.
const HARDEST: Duration = Duration::from_millis(120);

#[test]
fn a_run_of_a_megabyte_is_opened_and_gone_through_without_a_long_task() {
    let mut row: Value = serde_json::from_str(&rows::made(0, "g3", 200).0).expect("a row");
    let messages = row["messages"].as_array_mut().expect("messages");
    for message in messages.iter_mut() {
        if message["role"] == "tool" {
            message["content"] =
                json!("a line of an observation that is rather long\n".repeat(110));
        }
    }
    let texts = vec![row.to_string(), rows::made(1, "g3", 5).0];
    assert!(texts[0].len() > 1_000_000, "{}", texts[0].len());
    let standin = StandIn::start(vec![DataSet::new("a/b").with(Split::of("c", "s", &texts))]);
    let browser = Browser::alone();
    browser.resize(1440, 900);
    let query = steps::run_of(&standin, "a/b", "c", "s", 2);
    browser.begin_trace();
    browser.open(&format!("{query}&place=rows"));
    browser.wait_until_done();
    browser.wait_until("rows", |b| b.count("#rows .grid-body [role=row]") == 2);
    let opened: f64 = script(
        &browser,
        "const began = performance.now();
         document.querySelector('#rows .grid-body [role=row]').click();
         while (!document.querySelector('#reader .turn .who')) await new Promise(requestAnimationFrame);
         return performance.now() - began;",
    );
    script::<()>(
        &browser,
        "document.querySelector('#reader [role=slider]').focus()",
    );
    for key in [Key::End, Key::Home, Key::PageDown, Key::PageDown] {
        browser.press_key(key);
    }
    browser.wait_until("the messages", |b| b.key("step").as_deref() == Some("20"));
    let trace = browser.end_trace();
    let hardest = trace.hardest();
    println!("opened within {opened:.0} ms; {hardest}");
    assert!(hardest.worked < HARDEST, "{hardest}");
}

#[test]
fn code_is_coloured_and_stays_the_text_that_it_is_with_matches_in_it() {
    let browser = demo("");
    focus_table(&browser);
    browser.press_key(Key::Down);
    browser.press_key(Key::Enter);
    browser.wait_until("the reader", |b| b.count("#reader .turn .who") > 0);
    browser.fill("Find in this run", r"observation:/\d\t+return\b/");
    let spans = |b: &Browser| b.count("#reader .turn.tool [class^=ink-]");
    browser.wait_until("a match in coloured code", |b| {
        b.count("#reader .turn.tool mark.now .ink-keyword") == 1 && spans(b) > 10
    });
    assert_eq!(browser.text_of("#reader mark.now .ink-keyword"), "return");
    browser.screenshot("reading-code");
    browser.prefer_dark(true);
    browser.screenshot("reading-code-dark");
    browser.prefer_dark(false);
    // What is looked for is given up, and the text stays.
    let id: String = script(
        &browser,
        "return document.querySelector('#reader mark.now').closest('.turn').id",
    );
    let text = |b: &Browser| b.content_of(&format!("#{id} .text"));
    let marked = text(&browser);
    browser.press_key(Key::Escape);
    browser.wait_until("no match", |b| b.count("#reader mark") == 0);
    assert_eq!(text(&browser), marked);
    assert!(browser.count(&format!("#{id} [class^=ink-]")) > 0);
    // Colours are elements of texts alone, none within the other.
    let nested = browser.count("#reader [class^=ink-] *");
    assert_eq!(nested, 0);
    let shells = "return [...document.querySelectorAll('#reader .call dd [class^=ink-]')].length";
    assert!(script::<usize>(&browser, shells) > 0);
    browser.press("Patch");
    browser.wait_until("a coloured patch", |b| {
        b.count("#reader .diff .added [class^=ink-]") > 0
    });
    browser.screenshot("reading-code-patch");
    browser.resize(390, 844);
    browser.fill("Find in this run", "patch:return");
    browser.wait_until("a match in the coloured patch", |b| {
        b.count("#reader .diff mark.now") == 1 && b.count("#reader .diff mark .ink-keyword") > 0
    });
    browser.screenshot("reading-code-phone");
}

#[test]
fn a_megabyte_of_code_is_unfolded_a_piece_at_a_time_as_the_text_that_it_is() {
    let mut row: Value = serde_json::from_str(&rows::made(0, "g3", 6).0).expect("a row");
    let messages = row["messages"].as_array_mut().expect("messages");
    let line = "if x: return f(\"é # 'a'\", 1.5)  # so\n";
    let code = format!("{}{}", line.repeat(20_000), "'if' 1 ".repeat(40_000));
    messages[2]["tool_calls"] = json!([{"type": "function", "id": "call_0", "function": {
        "name": "str_replace_editor",
        "arguments": json!({"command": "create", "path": "/a.py", "file_text": code}).to_string(),
    }}]);
    let (_standin, browser) = opened(&row);
    browser.wait_until("colours", |b| b.count("#message-2 .ink-comment") > 50);
    let text = "return [...document.querySelectorAll('#message-2 dd:last-child pre')].map(pre => pre.textContent).join('')";
    let head: String = script(&browser, text);
    assert!(code.starts_with(&head) && head.len() > 4000);
    browser.press("Show all (");
    browser.wait_until("the first piece", |b| {
        b.find_button("Show more (").is_some()
    });
    for _ in 0..9 {
        browser.press("Show more (");
    }
    let whole: String = script(&browser, text);
    assert!(
        code.starts_with(&whole) && whole.len() > 150_000,
        "{}",
        whole.len()
    );
    let inks = browser.count("#message-2 [class^=ink-]");
    assert!((10_000..20_000).contains(&inks), "{inks} colours");
}
