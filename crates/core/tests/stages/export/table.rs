//! The frame as a table.

use std::collections::HashMap;

use tracesift_core::export::options::CsvTexts;
use tracesift_core::export::table;
use tracesift_core::frame::Frame;
use tracesift_core::measure::{Measurements, Overlap, ToolUse};
use tracesift_core::patch::PatchCounts;
use tracesift_core::sign::{Sign, Signs};
use tracesift_core::tokens::TokenCounts;
use tracesift_core::trace::{Labels, Outcome, Repair, Repairs};

const HEAD: &str = "row,trajectory_id,instance_id,repo,license,language,harness,teacher,category,source,outcome,messages,\
turns,calls,errors,first_error,nonzero_exits,unanswered,orphans,bad_arguments,distinct_tools,patch_files,patch_added,\
patch_deleted,patch_modified,patch_hunks,patch_test_files,reference_files,reference_added,reference_deleted,\
overlap_files,overlap_lines,tokens,tokens_system,tokens_user,tokens_assistant,tokens_reasoning,tokens_calls,\
tokens_observations,tokens_tools,tokens_template,bytes,repairs,sign_loop_same,sign_loop_error,sign_pingpong,sign_monologue,sign_spin,\
sign_error_rate,sign_error_retry,sign_bad_arguments,sign_unknown_tool,sign_missing_argument,sign_unpaired,\
sign_no_submit,sign_limit_exit,sign_dangling_end,sign_git_history,sign_fetches_fix,sign_git_hack,sign_edits_tests,\
sign_junk_files,sign_big_patch,sign_malformed_patch,sign_empty_patch,sign_heavy_observations,sign_no_reasoning,\
sign_secrets,sign_personal_data,sign_repaired,sign_same_patch,sign_same_calls,sign_near_duplicate,\
sign_benchmark_repo,sign_benchmark_task";

#[test]
fn a_table_without_rows_is_its_head() {
    let table = table::write(&Frame::default(), &[], CsvTexts::Safe);
    assert_eq!(String::from_utf8(table).unwrap(), format!("{HEAD}\n"));
}

fn table_of(frame: &Frame, positions: &[u32]) -> String {
    String::from_utf8(table::write(frame, positions, CsvTexts::Exact)).unwrap()
}

fn measured() -> Measurements {
    let mut repairs = Repairs::default();
    repairs.add(Repair::RoleRenamed, 30);
    repairs.add(Repair::CallIdMade, 9);
    Measurements {
        declared: None,
        row: 12,
        labels: Labels {
            trajectory_id: Some("t-1".into()),
            instance_id: Some("=1+1".into()),
            repo: Some("owner/a, b".into()),
            license: Some("the \"best\"\nlicence".into()),
            language: Some("go".into()),
            harness: Some("openhands".into()),
            teacher: Some("minimax".into()),
            category: Some("bug-fix".into()),
            source: Some("a/b".into()),
        },
        outcome: Outcome::Success,
        messages: 1,
        turns: 2,
        calls: 3,
        errors: 4,
        first_error: Some(44),
        nonzero_exits: 5,
        unanswered: 6,
        orphans: 7,
        bad_arguments: 8,
        tools: vec![ToolUse {
            name: "bash".to_owned(),
            calls: 3,
            errors: 0,
        }],
        patch: Some(PatchCounts {
            files: 10,
            added: 11,
            deleted: 12,
            modified: 13,
            hunks: 14,
            test_files: 15,
            ..PatchCounts::default()
        }),
        reference: Some(PatchCounts {
            files: 16,
            added: 17,
            deleted: 18,
            ..PatchCounts::default()
        }),
        overlap: Some(Overlap {
            files: 1.0 / 3.0,
            lines: 1.0,
        }),
        tokens: Some(TokenCounts {
            system: 1_000_000,
            user: 22,
            assistant: 23,
            reasoning: 24,
            calls: 25,
            observations: 26,
            tools: 27,
            template: Some(8),
            ..TokenCounts::default()
        }),
        unrendered: None,
        bytes: 3_000_000_000,
        repairs,
        unread_call: None,
        signs: {
            let mut signs = Signs::default();
            signs.numbers.set(Sign::LoopSame, 6.0);
            signs
        },
    }
}

#[test]
fn a_row_of_the_table_has_every_value_as_it_was_measured() {
    let mut frame = Frame::default();
    frame.push(&measured());
    assert_eq!(
        table_of(&frame, &[0]),
        format!(
            "{HEAD}\n12,t-1,=1+1,\"owner/a, b\",\"the \"\"best\"\"\nlicence\",go,openhands,minimax,bug-fix,a/b,success,\
1,2,3,4,44,5,6,7,8,1,10,11,12,13,14,15,16,17,18,0.3333333333333333,1,1000155,1000000,22,23,24,25,26,27,8,3000000000,39,\
6,,,,,1.3333334,,8,,,12,,,,,,,15,,23,,0,3.7142856,,,,0,,,,,\n"
        )
    );
}

#[test]
fn what_is_not_known_is_empty_in_the_table() {
    let mut frame = Frame::default();
    frame.push(&Measurements {
        row: 3,
        ..Measurements::default()
    });
    assert_eq!(
        table_of(&frame, &[0]),
        format!(
            "{HEAD}\n3,,,,,,,,,,unknown,0,0,0,0,,0,0,0,0,0,,,,,,,,,,,,,,,,,,,,,0,0,,,,,,,,0,,,0,,,,,,,0,,0,,1,,,,,0,,,,,\n"
        )
    );
}

#[test]
fn a_table_has_the_rows_that_are_asked_for_in_their_order() {
    let mut frame = Frame::default();
    for row in [5, 6, 7] {
        frame.push(&Measurements {
            row,
            ..Measurements::default()
        });
    }
    let table = table_of(&frame, &[2, 0, 9, u32::MAX]);
    let rows: Vec<&str> = table
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap())
        .collect();
    assert_eq!(rows, ["7", "5"]);
}

/// The cells of the first row, by the names of the columns.
fn cells(frame: &Frame, texts: CsvTexts) -> HashMap<String, String> {
    let bytes = table::write(frame, &[0], texts);
    let mut table = csv::Reader::from_reader(bytes.as_slice());
    let names = table.headers().unwrap().clone();
    let row = table.records().next().unwrap().unwrap();
    let names = names.iter().map(str::to_owned);
    names.zip(row.iter().map(str::to_owned)).collect()
}

#[test]
fn no_spreadsheet_runs_a_text_of_the_dataset_unless_the_exact_one_is_asked_for() {
    for (text, safe) in [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd", "'-2+3+cmd"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-", "'-"),
        // Numbers are numbers, and what follows a text's first character is its own affair.
        ("-1.5", "-1.5"),
        ("+7", "+7"),
        ("a=1", "a=1"),
        (" =1", " =1"),
        ("owner/name", "owner/name"),
    ] {
        let mut frame = Frame::default();
        let mut row = measured();
        row.labels.repo = Some(text.into());
        frame.push(&row);
        assert_eq!(cells(&frame, CsvTexts::Safe)["repo"], safe);
        assert_eq!(cells(&frame, CsvTexts::Exact)["repo"], text);
    }
}

#[test]
fn a_negative_number_is_the_same_however_texts_are_written() {
    let mut frame = Frame::default();
    let mut row = measured();
    row.tokens = row.tokens.map(|tokens| TokenCounts {
        template: Some(-8),
        ..tokens
    });
    frame.push(&row);
    for texts in [CsvTexts::Safe, CsvTexts::Exact] {
        assert_eq!(cells(&frame, texts)["tokens_template"], "-8");
    }
}
