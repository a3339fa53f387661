use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tracesift_core::export::table::TableForm;
use tracesift_core::frame::facet::Facet;
use tracesift_core::frame::order::Direction;
use tracesift_core::frame::{Label, Number};
use tracesift_core::ground::Sample;
use tracesift_core::recipe::address::{parse, print};
use tracesift_core::recipe::keys;
use tracesift_core::recipe::limits;
use tracesift_core::recipe::pairs::PairStyle;
use tracesift_core::recipe::signs::SignRules;
use tracesift_core::recipe::table::{Column, Sorting, Table};
use tracesift_core::recipe::{
    Balance, Bounds, Cap, Difficulty, Filters, ListFilter, ListKey, PairRule, Pairing, Pairs,
    PatchPresence, Place, Preference, RangeKey, Reading, Recipe, Via,
};
use tracesift_core::search::TextQuery;
use tracesift_core::sign::{Sign, Thresholds};
use tracesift_core::tokens::{Method, Templated, Tokenizer};
use tracesift_core::trace::{FieldMap, Outcome};

/// The recipe of a query that must be read without a notice.
fn read(query: &str) -> Recipe {
    let (recipe, notices) = parse(query);
    assert_eq!(notices, [], "{query}");
    recipe
}

/// What a query is told, as `key: why`.
fn told(query: &str) -> Vec<String> {
    let (_, notices) = parse(query);
    notices
        .iter()
        .map(|notice| format!("{}: {}", notice.key, notice.why))
        .collect()
}

fn list(include: &[&str], exclude: &[&str]) -> ListFilter {
    let owned = |values: &[&str]| values.iter().map(|&v| v.to_owned()).collect();
    ListFilter {
        include: owned(include),
        exclude: owned(exclude),
    }
}

#[test]
fn the_default_is_the_empty_address() {
    assert_eq!(print(&Recipe::default()), "");
    assert_eq!(read(""), Recipe::default());
    assert_eq!(read("?"), Recipe::default());
    assert_eq!(read("&&"), Recipe::default());
}

#[test]
fn every_key_is_read_and_written_in_a_fixed_order() {
    let query = "dataset=nvidia/Open-SWE-Traces&config=openhands&split=minimax_m25&rows=2000&sample=spread&seed=7\
        &via=rows&endpoint=http://127.0.0.1:8081&hub=https://hub.example.org/mirror\
        &map=messages:dialog,role:speaker&outcome=success,!unknown&language=Python,Go&license=MIT\
        &repo=!django/django&harness=openhands&teacher=minimax_m25&category=bug-fix&source=a/b,!c/d\
        &tool=str_replace_editor:view,!browser&flag=!empty-patch&difficulty=sometimes,!unknown&tokens=..32768&turns=5..100&calls=1..&errors=..3\
        &added=1..500&deleted=..200&modified=1..&files=1..5&overlap=0.5..1&patch=present&per-instance=2&prefer=shorter,success\
        &balance=language&share=Python:0.3,a%5C,b:c:0.25&cap=0.1\
        &tokenizer=o200k_base&model=Qwen/Qwen3-8B&template=own&budget=65536&curves=tokens:language&epochs=3&price=0.5&speed=20000&compare=harness&group-a=a%20b&group-b=c&reasoning=inline&system=drop&parallel=merge\
        &observations=2000&cut=32768&end=assistant&arguments=object&mask=failed,reasoning&limit=65536&validation=10\
        &test=5&group=repo&shard=500&table=parquet&pairs=best&pairs-most=3\
        &columns=row,outcome,sign_bad_arguments&sort=-tokens&find=django&row=42&step=12&beside=57,80&run=1";
    let recipe = read(query);
    assert_eq!(print(&recipe), query);
    assert_eq!(recipe.reading.sample, Sample::Spread);
    assert_eq!(recipe.reading.via, Via::Rows);
    assert_eq!(recipe.count.tokenizer, Tokenizer::O200kBase);
    assert_eq!(
        recipe.reading.endpoint.as_deref(),
        Some("http://127.0.0.1:8081")
    );
    assert_eq!(recipe.reading.map.get("role"), Some("speaker"));
    let lists = &recipe.filters.lists;
    assert_eq!(lists[&ListKey::Outcome], list(&["success"], &["unknown"]));
    assert_eq!(lists[&ListKey::Repo], list(&[], &["django/django"]));
    let ranges = &recipe.filters.ranges;
    let bounds = |low, high| Bounds { low, high };
    assert_eq!(ranges[&RangeKey::Tokens], bounds(None, Some(32768.0)));
    assert_eq!(ranges[&RangeKey::Overlap], bounds(Some(0.5), Some(1.0)));
    assert_eq!(recipe.filters.patch, Some(PatchPresence::Present));
    assert_eq!(recipe.filters.per_instance, Some(2));
    assert_eq!(
        (recipe.row, recipe.step, recipe.run),
        (Some(42), Some(12), true)
    );
    assert_eq!(recipe.beside, [57, 80]);
    let Table { columns, order } = &recipe.table;
    let carried = Column::Sign(Sign::BadArguments);
    assert_eq!(columns, &[Column::Row, Column::Outcome, carried]);
    assert_eq!(order.sorting.column, Column::Number(Number::Tokens));
    assert_eq!(order.sorting.direction, Direction::Descending);
    assert_eq!(recipe.table_form, TableForm::Parquet);
    let bare = print(&recipe.bare());
    assert!(!bare.contains("sort=") && !bare.contains("table="));
}

#[test]
fn every_column_of_the_table_has_a_name_and_a_title_of_its_own() {
    let columns = Column::groups()
        .into_iter()
        .flat_map(|(_, columns)| columns);
    let columns: Vec<Column> = columns.collect();
    let names: BTreeSet<_> = columns.iter().map(|column| column.name()).collect();
    let titles: BTreeSet<_> = columns.iter().map(|column| column.title()).collect();
    assert_eq!((names.len(), titles.len()), (columns.len(), columns.len()));
    for column in columns {
        assert_eq!(Column::from_name(&column.name()), Some(column));
    }
}

#[test]
fn a_table_is_sorted_by_the_most_first_and_the_other_way_round_when_asked_again() {
    let tokens = Column::Number(Number::Tokens);
    let by = |sorting: Sorting| (sorting.column, sorting.direction);
    let first = Sorting::default().by(tokens);
    assert_eq!(by(first), (tokens, Direction::Descending));
    assert_eq!(by(first.by(tokens)), (tokens, Direction::Ascending));
    let repo = Column::Label(Label::Repo);
    assert_eq!(by(first.by(repo)), (repo, Direction::Ascending));
    assert_eq!(
        told("columns=row,nonsense"),
        ["columns: the table has no column “nonsense”"]
    );
    assert_eq!(
        told("sort=nonsense"),
        ["sort: the table has no column “nonsense”"]
    );
    assert_eq!(
        told("beside=1,2,3,4"),
        ["beside: it names more than 3 rows"]
    );
}

#[test]
fn every_example_of_the_table_is_read_and_names_are_unique() {
    let names: BTreeSet<&str> = keys::all().map(|key| key.name).collect();
    assert_eq!(names.len(), keys::all().count());
    for key in keys::all() {
        let query = format!("{}={}", key.name, key.example);
        let printed = print(&read(&query));
        let is_default = printed.is_empty();
        let may_be_default = ["rows", "format"].contains(&key.name);
        assert!(printed == query || is_default && may_be_default, "{query}");
        assert!(!key.what.is_empty());
    }
    for key in ListKey::ALL {
        assert!(names.contains(key.key()) && !key.title().is_empty());
    }
    for key in RangeKey::ALL {
        assert!(names.contains(key.key()) && !key.title().is_empty());
    }
}

fn place(dataset: &str, config: &str, split: &str) -> Place {
    Place {
        dataset: dataset.to_owned(),
        config: config.to_owned(),
        split: split.to_owned(),
    }
}

#[test]
fn several_datasets_are_lists_that_are_aligned_by_position() {
    let query = "dataset=a/b,file,c/d&config=x,,z&split=s,,t%5C,u&revision=abc,,def&rows=100";
    let recipe = read(query);
    let expected = [
        place("a/b", "x", "s"),
        place("file", "", ""),
        place("c/d", "z", "t,u"),
    ];
    assert_eq!(recipe.reading.places(), expected);
    assert!(recipe.reading.is_mixture());
    assert_eq!(recipe.made.revisions, ["abc", "", "def"]);
    let in_order = "dataset=a/b,file,c/d&config=x,,z&split=s,,t%5C,u&rows=100&revision=abc,,def";
    assert_eq!(print(&recipe), in_order);
    // The order of the keys has no part in it; what is left out is the default.
    let other = read("split=,t&config=x&dataset=a/b,c/d");
    assert_eq!(
        other.reading.places(),
        [place("a/b", "x", ""), place("c/d", "", "t")]
    );
    assert_eq!(print(&other), "dataset=a/b,c/d&config=x&split=,t");
}

#[test]
fn one_dataset_has_one_config_whatever_it_holds() {
    for query in [
        "dataset=a/b&config=x,y&split=s,t",
        "config=x,y%5C,z",
        "dataset=a/b&split=,",
    ] {
        let recipe = read(query);
        assert!(!recipe.reading.is_mixture());
        assert_eq!(print(&recipe), query);
    }
    assert_eq!(read("dataset=a/b&config=x,y").reading.config, "x,y");
}

#[test]
fn a_list_of_datasets_that_can_not_be_used_is_said() {
    for bad in ["a/b,", "a/b,,c/d", "a/b,c d", "a/b,../x"] {
        let (recipe, notices) = parse(&format!("dataset={bad}"));
        assert_eq!(recipe.reading.places(), [place("demo", "", "")], "{bad}");
        assert_eq!(notices.len(), 1, "{bad}");
    }
    let many = vec!["a/b"; Place::MOST + 1].join(",");
    assert_eq!(
        told(&format!("dataset={many}")),
        ["dataset: it names more than 20 datasets"]
    );
    assert_eq!(
        told("dataset=a/b,c/d&split=s,t,u"),
        ["split: it lists more values than there are datasets; the first 2 count"]
    );
}

#[test]
fn datasets_that_are_not_named_yet_change_nothing() {
    let reading = read("dataset=a/b,c/d&config=x,y").reading;
    let mut form = reading.clone();
    form.more.insert(0, Place::default());
    assert!(reading.is_same_run(&form) && form.is_same_run(&reading));
    assert_eq!(form.places(), reading.places());
    let recipe = Recipe {
        reading: form.clone(),
        ..Recipe::default()
    };
    assert_eq!(print(&recipe), "dataset=a/b,c/d&config=x,y");
    form.put(2, place("c/d", "z", ""));
    assert!(!reading.is_same_run(&form));
    form.put(3, place("demo", "", ""));
    assert_eq!(form.place(3), Some(place("demo", "", "")));
    assert_eq!(form.place(4), None);
    // The demo's rows are made by the seed.
    assert!(form.is_drawn() && !form.is_demo() && !reading.is_drawn());
    assert!(Reading::default().is_demo());
}

#[test]
fn a_value_with_commas_marks_and_signs_survives_in_a_list() {
    let values = [
        "a,b",
        "!c",
        "d&e=f",
        "#g",
        "50% + x",
        "日本語",
        "%21",
        " ",
        "\n",
        "<b>\"'",
        "!",
        "\\",
        "a\\,",
    ];
    let mut recipe = Recipe::default();
    recipe
        .filters
        .lists
        .insert(ListKey::Repo, list(&values, &values));
    let query = print(&recipe);
    assert!(query.is_ascii());
    assert_eq!(read(&query), recipe);
}

#[test]
fn a_link_that_a_program_built_means_what_a_typed_one_means() {
    let typed = read("language=go,!rust&tokens=..5&repo=a/b");
    assert_eq!(read("language=go%2C%21rust&tokens=..5&repo=a%2Fb"), typed);
    let expected = list(&["go"], &["rust"]);
    assert_eq!(typed.filters.lists[&ListKey::Language], expected);
}

#[test]
fn a_backslash_keeps_a_mark_or_comma_in_the_value() {
    let recipe = read(r"language=\!odd,a\,b,!\!x,c\\d");
    let expected = list(&["!odd", "a,b", r"c\d"], &["!x"]);
    assert_eq!(recipe.filters.lists[&ListKey::Language], expected);
}

#[test]
fn plus_is_a_space_when_typed_and_neither_is_written_as_plus() {
    let recipe = read("language=Jupyter+Notebook,C%2B%2B");
    let expected = list(&["Jupyter Notebook", "C++"], &[]);
    assert_eq!(recipe.filters.lists[&ListKey::Language], expected);
    assert_eq!(print(&recipe), "language=Jupyter%20Notebook,C%2B%2B");
}

#[test]
fn words_are_read_in_any_case_and_with_spaces_around() {
    let recipe =
        read("sample=RANDOM&outcome=Success,%20failure&flag=Empty-Patch,NONE&tokenizer=Llama3");
    assert_eq!(
        print(&recipe),
        "sample=random&outcome=success,failure&flag=empty-patch,none&tokenizer=llama3"
    );
}

#[test]
fn what_cannot_be_used_is_left_out_and_said_in_plain_words() {
    let cases = [
        ("colour=red", "colour: the address has no such key"),
        (
            "rows=0",
            "rows: “0” is not a whole number from 1 to 1,000,000",
        ),
        (
            "rows=1000001",
            "rows: “1000001” is not a whole number from 1 to 1,000,000",
        ),
        (
            "rows=many",
            "rows: “many” is not a whole number from 1 to 1,000,000",
        ),
        ("rows", "rows: “” is not a whole number from 1 to 1,000,000"),
        ("seed=-1", "seed: “-1” is not a whole number"),
        (
            "budget=0",
            "budget: “0” is not a whole number of at least 1",
        ),
        (
            "per-instance=0",
            "per-instance: “0” is not a whole number from 1 to 1,000",
        ),
        (
            "sample=tail",
            "sample: “tail” is not one of: head, spread, random",
        ),
        (
            "patch=maybe",
            "patch: “maybe” is not one of: present, empty",
        ),
        ("pairs=good", "pairs: “good” is not one of: verdict, best"),
        (
            "pairs-most=0",
            "pairs-most: “0” is not a whole number from 1 to 100",
        ),
        (
            "pairs-most=101",
            "pairs-most: “101” is not a whole number from 1 to 100",
        ),
        ("run=yes", "run: “yes” is not a whole number from 0 to 1"),
        (
            "outcome=win",
            "outcome: “win” is not one of: success, partial, failure, unknown",
        ),
        (
            "outcome=win,success,lose",
            "outcome: “win” (and 1 more of its values) is not one of: success, partial, failure, unknown",
        ),
        (
            "difficulty=hard",
            "difficulty: “hard” is not one of: never, sometimes, always, unknown",
        ),
        (
            "prefer=success,luck",
            "prefer: “luck” is not one of: success, shorter, fewer-signs",
        ),
        (
            "compare=tool",
            "compare: “tool” is not one of: language, outcome, harness, teacher, category, license, repo, source",
        ),
        (
            "curves=words",
            "curves: “words” is not one of: rows, rows:outcome, rows:language, rows:source, tokens, tokens:outcome, tokens:language, \
             tokens:source, trainable, trainable:outcome, trainable:language, trainable:source",
        ),
        ("language=", "language: it lists no value"),
        ("language=!", "language: “” is not a value"),
        (
            "tokens=5",
            "tokens: “5” is not a range; write lo..hi, lo.. or ..hi",
        ),
        (
            "tokens=..",
            "tokens: “..” has neither a lower nor an upper end",
        ),
        (
            "tokens=9..5",
            "tokens: the lower end of “9..5” is above the upper one",
        ),
        ("tokens=NaN..5", "tokens: “NaN” is not a number"),
        ("tokens=0..inf", "tokens: “inf” is not a number"),
        (
            "dataset=a/b/c",
            "dataset: “a/b/c” is not the name of a dataset; write namespace/name",
        ),
        (
            "dataset=../x",
            "dataset: “../x” is not the name of a dataset; write namespace/name",
        ),
        (
            "endpoint=javascript:alert(1)",
            "endpoint: “javascript:alert(1)” is not a server's address; write https://host",
        ),
        (
            "endpoint=https://user@host",
            "endpoint: “https://user@host” is not a server's address; write https://host",
        ),
        (
            "map=colour:x",
            "map: “colour” is not one of: messages, tools, outcome, patch, reference, instance, role, text, \
             reasoning, agent, observation, calls, name, arguments, id, result",
        ),
        ("map=role", "map: “role” has no field; write role:field"),
    ];
    for (query, expected) in cases {
        assert_eq!(told(query), [expected]);
    }
    let (recipe, _) = parse("rows=0&tokens=..&endpoint=x&dataset=/&language=&map=role");
    assert_eq!(recipe, Recipe::default());
}

#[test]
fn a_harness_is_found_by_any_of_its_spellings() {
    let recipe = read("harness=claude_code,Gemini%20CLI,my_agent,!SWE-agent");
    let expected = list(&["claude-code", "gemini-cli", "my_agent"], &["sweagent"]);
    assert_eq!(recipe.filters.lists[&ListKey::Harness], expected);
}

#[test]
fn one_bad_value_does_not_take_the_good_ones_with_it() {
    let (recipe, notices) = parse("outcome=success,win&map=role:speaker,x:y&rows=7");
    assert_eq!(notices.len(), 2);
    assert_eq!(print(&recipe), "rows=7&map=role:speaker&outcome=success");
}

#[test]
fn the_last_of_a_key_that_is_given_twice_counts() {
    let query = "rows=5&language=Go&rows=6&language=Rust";
    let (recipe, notices) = parse(query);
    assert_eq!(print(&recipe), "rows=6&language=Rust");
    assert_eq!(notices.len(), 2);
    assert_eq!(
        told(query)[0],
        "rows: it is given more than once; only the last one counts"
    );
}

#[test]
fn a_notice_stays_short_whatever_was_typed() {
    let long = "x".repeat(1_000_000);
    for query in [
        format!("rows={long}"),
        format!("{long}=1"),
        format!("outcome={long}"),
    ] {
        let (_, notices) = parse(&query);
        assert_eq!(notices.len(), 1);
        assert!(notices[0].key.len() + notices[0].why.len() < 300);
    }
}

#[test]
fn a_final_slash_of_a_server_is_left_out() {
    assert_eq!(
        read("hub=https://x.org/").reading.hub.as_deref(),
        Some("https://x.org")
    );
}

#[test]
fn only_what_rows_are_read_by_makes_another_run() {
    let recipe = read("dataset=a/b&rows=9");
    for same in [
        "tokenizer=llama3",
        "budget=9",
        "curves=trainable",
        "language=Go",
        "row=3",
        "run=1",
        "per-instance=1",
        "pairs=best&pairs-most=2",
        // The first rows are the same rows by any seed.
        "seed=2",
    ] {
        assert!(
            recipe
                .reading
                .is_same_run(&read(&format!("dataset=a/b&rows=9&{same}")).reading),
            "{same}"
        );
    }
    let others = [
        "dataset=a/c",
        "config=x",
        "split=x",
        "rows=8",
        "sample=spread",
        "sample=random&seed=2",
        "read=survey",
        "via=rows",
        "endpoint=http://x",
        "hub=http://x",
        "map=role:r",
    ];
    for other in others {
        let (other_recipe, _) = parse(&format!("dataset=a/b&rows=9&{other}"));
        assert!(
            !recipe.reading.is_same_run(&other_recipe.reading),
            "{other}"
        );
    }
}

#[test]
fn a_seed_that_drew_the_rows_stays_with_them_and_another_one_decides_draws_among_them() {
    let by = |query: &str| read(query).reading;
    let first = by("dataset=a/b");
    assert_eq!(first.with_draws_of(&by("seed=7")), by("dataset=a/b&seed=7"));
    for drawn in ["dataset=a/b&sample=random&seed=3", "seed=3"] {
        let drawn = by(drawn);
        assert_eq!(drawn.with_draws_of(&by("seed=7")), drawn);
        let other = Reading {
            seed: 7,
            ..drawn.clone()
        };
        assert!(!drawn.is_same_run(&other));
    }
}

/// Any text, with the query's own signs more often than chance has them.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{1,12}",
        "[!,&=#+%;:/?. a-c\u{0}\n<\"'é日]{1,12}",
        any::<String>().prop_filter("not empty", |s| !s.is_empty()),
    ]
}

fn any_list(key: ListKey) -> BoxedStrategy<ListFilter> {
    let value = match key {
        ListKey::Outcome => {
            prop::sample::select(Outcome::ALL.map(|o| o.name().to_owned()).to_vec()).boxed()
        }
        ListKey::Difficulty => {
            prop::sample::select(Difficulty::ALL.map(|d| d.name().to_owned()).to_vec()).boxed()
        }
        ListKey::Flag => {
            prop::sample::select(Sign::ALL.map(|s| s.name().to_owned()).to_vec()).boxed()
        }
        // The name of a known harness is read in one spelling, however it is written: that has a test of its own.
        ListKey::Harness => prop_oneof![
            Just("pi".to_owned()),
            hostile().prop_map(|name| format!("other {name}"))
        ]
        .boxed(),
        _ => hostile().boxed(),
    };
    let values = || prop::collection::vec(value.clone(), 0..4);
    (values(), values())
        .prop_map(|(include, exclude)| ListFilter { include, exclude })
        .prop_filter("says something", ListFilter::is_set)
        .boxed()
}

fn any_bounds() -> impl Strategy<Value = Bounds> {
    let number = || {
        prop_oneof![
            prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO,
            (0_u32..1_000_000).prop_map(f64::from),
            0.0..1.0,
        ]
    };
    (prop::option::of(number()), prop::option::of(number())).prop_filter_map(
        "says something that a row can meet",
        |(low, high)| {
            let bounds = match (low, high) {
                (Some(a), Some(b)) => Bounds {
                    low: Some(f64::min(a, b)),
                    high: Some(f64::max(a, b)),
                },
                (low, high) => Bounds { low, high },
            };
            bounds.is_set().then_some(bounds)
        },
    )
}

fn any_filters() -> impl Strategy<Value = Filters> {
    let lists = prop::sample::subsequence(ListKey::ALL.to_vec(), 0..=ListKey::ALL.len())
        .prop_flat_map(|keys| {
            keys.into_iter()
                .map(|key| (Just(key), any_list(key)))
                .collect::<Vec<_>>()
        });
    let ranges = prop::collection::btree_map(
        prop::sample::select(RangeKey::ALL.to_vec()),
        any_bounds(),
        0..5,
    );
    let patch = prop::option::of(prop::sample::select(PatchPresence::ALL.to_vec()));
    let prefer = prop::sample::subsequence(Preference::ALL.to_vec(), 0..=3).prop_shuffle();
    let bench = prop::collection::vec("[a-zA-Z0-9!,é\\\\_./-]{1,12}", 0..3);
    let per_instance = (prop::option::of(1_u32..=1000), prefer, any_balance());
    let rest = (per_instance, any_thresholds(), bench);
    let text = "!?(call:|patch:)?(/[a-z&=,%+]{1,9}/|[a-zé ,;:&=%+\"]{1,9})";
    let texts = (patch, text.prop_map(|text| TextQuery::read(&text).ok()));
    (lists, ranges, texts, rest).prop_map(
        |(lists, ranges, (patch, text), ((per_instance, prefer, balance), signs, bench))| Filters {
            lists: lists.into_iter().collect::<BTreeMap<_, _>>(),
            ranges,
            patch,
            text,
            per_instance,
            prefer,
            balance,
            signs: SignRules {
                thresholds: signs,
                bench,
            },
        },
    )
}

fn any_thresholds() -> impl Strategy<Value = Thresholds> {
    let sign = prop::sample::select(Sign::ALL.to_vec());
    let number = prop_oneof![
        0.0_f32..1.0,
        1.0_f32..1e9,
        (1_u32..100).prop_map(|n| n as f32)
    ];
    prop::collection::vec((sign, number), 0..5).prop_map(|chosen| {
        let mut thresholds = Thresholds::default();
        for (sign, number) in chosen {
            let _ = thresholds.choose(sign, number);
        }
        thresholds
    })
}

#[test]
fn a_threshold_that_can_not_be_used_is_left_out_with_a_notice() {
    let (recipe, notices) = parse("signs=loop-same:6,error-rate:0.25");
    assert!(notices.is_empty());
    assert_eq!(recipe.filters.signs.thresholds.of(Sign::LoopSame), 6.0);
    assert_eq!(recipe.filters.signs.thresholds.of(Sign::ErrorRate), 0.25);
    assert_eq!(print(&recipe), "signs=loop-same:6,error-rate:0.25");
    for bad in [
        "nothing:3",
        "loop-same",
        "loop-same:x",
        "error-rate:1.5",
        "loop-same:0",
        "empty-patch:1",
        "",
    ] {
        let (recipe, notices) = parse(&format!("signs=spin:0.9,{bad}"));
        assert_eq!(
            notices.len(),
            usize::from(!bad.is_empty()),
            "{bad}: {notices:?}"
        );
        assert_eq!(print(&recipe), "signs=spin:0.9", "{bad}");
    }
    // The usual threshold is not written.
    assert_eq!(print(&parse("signs=loop-same:4").0), "");
}

#[test]
fn a_users_own_benchmark_is_a_list_of_names() {
    let (recipe, notices) = parse("bench=a/b,c__d-1");
    assert!(notices.is_empty());
    assert_eq!(recipe.filters.signs.bench, ["a/b", "c__d-1"]);
    assert_eq!(print(&recipe), "bench=a/b,c__d-1");
    assert_eq!(parse("bench=").1.len(), 1);
}

fn any_balance() -> impl Strategy<Value = Balance> {
    let cap = prop_oneof![
        (1_u32..).prop_map(Cap::Rows),
        (f64::MIN_POSITIVE..1.0).prop_map(Cap::Share),
    ];
    let shares = prop::collection::btree_map(hostile(), 0.0..0.25, 0..4);
    let by = prop::option::of(prop::sample::select(Facet::ALL.to_vec()));
    (by, shares, prop::option::of(cap)).prop_map(|(by, shares, cap)| Balance {
        by,
        shares: shares.into_iter().collect(),
        cap,
    })
}

#[test]
fn pairs_are_wanted_where_the_address_says_so_and_one_success_and_one_failure_are_usual() {
    let usual = PairRule {
        pairing: Pairing::Verdict,
        most: 1,
        style: PairStyle::Any,
    };
    let of = |query: &str| read(query).pairs;
    assert!(!of("").is_set());
    assert_eq!(of("").rule(), usual);
    // What is usual and said all the same stays in the address: it opens the panel.
    for said in [
        "pairs=verdict",
        "pairs-most=1",
        "pairs=verdict&pairs-most=1",
    ] {
        assert!(of(said).is_set(), "{said}");
        assert_eq!(of(said).rule(), usual);
        assert_eq!(print(&read(said)), said);
    }
    assert_eq!(Pairs::from(usual), of("pairs=verdict&pairs-most=1"));
    let best = of("pairs=Best&pairs-most=100").rule();
    assert_eq!((best.pairing, best.most), (Pairing::Best, Pairs::MOST));
    // They are not part of what an ordinary file is made of.
    assert_eq!(print(&read("pairs=best&pairs-most=2").bare()), "");
}

fn any_pairs() -> impl Strategy<Value = Pairs> {
    let pairing = prop::sample::select(vec![Pairing::Verdict, Pairing::Best]);
    let most = prop::option::of(1..=Pairs::MOST);
    let style = prop::sample::select(vec![PairStyle::Any, PairStyle::Same]);
    (prop::option::of(pairing), most, prop::option::of(style)).prop_map(|(pairing, most, style)| {
        Pairs {
            pairing,
            most,
            style,
        }
    })
}

fn any_map() -> impl Strategy<Value = FieldMap> {
    prop::sample::subsequence(FieldMap::WHAT.to_vec(), 0..4)
        .prop_shuffle()
        .prop_flat_map(|what| {
            let fields = prop::collection::vec(hostile(), what.len());
            fields.prop_map(move |fields| FieldMap {
                fields: what.iter().map(|&w| w.to_owned()).zip(fields).collect(),
            })
        })
}

fn any_place() -> impl Strategy<Value = Place> {
    let name = "(demo|file|[A-Za-z0-9_-]{1,5}/[A-Za-z0-9_-]{1,5})";
    let or_default = || prop::option::of(hostile()).prop_map(Option::unwrap_or_default);
    (name, or_default(), or_default()).prop_map(|(dataset, config, split)| Place {
        dataset,
        config,
        split,
    })
}

fn any_recipe() -> impl Strategy<Value = Recipe> {
    let server =
        || prop::option::of("https?://[a-z0-9.-]{1,10}(:[0-9]{1,5})?(/[a-zA-Zé%+&,!]{1,5})?");
    let place = (
        "(demo|file|[A-Za-z0-9_-][A-Za-z0-9._-]{0,9}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,9})?)",
        prop::option::of(hostile()),
        prop::option::of(hostile()),
        1_u64..=1_000_000,
        prop::sample::select(vec![Sample::Head, Sample::Spread, Sample::Random]),
        any::<u64>(),
        prop::sample::select(vec![Via::Auto, Via::Rows, Via::Parquet, Via::Files]),
        server(),
        server(),
        any_map(),
        prop::collection::vec(any_place(), 0..3),
    );
    let tokenizers = vec![
        Tokenizer::Qwen2,
        Tokenizer::O200kBase,
        Tokenizer::Cl100kBase,
        Tokenizer::Llama3,
        Tokenizer::DeepseekV3,
        Tokenizer::MinimaxM2,
        Tokenizer::MistralV3,
        Tokenizer::KimiK2,
        Tokenizer::Glm4,
    ];
    let view = (
        prop::sample::select(
            limits::CurveChoice::WORDS
                .map(|(_, choice)| choice)
                .to_vec(),
        ),
        (
            prop::sample::select(tokenizers),
            prop::option::of(
                "(file|[A-Za-z0-9_-][A-Za-z0-9._-]{0,9}/[A-Za-z0-9_-][A-Za-z0-9._-]{0,9})",
            ),
            prop::sample::select(Templated::words().map(|(_, template)| template).to_vec()),
        ),
        1_u64..,
        prop::option::of(any::<u64>()),
        prop::option::of(any::<u64>()),
        any::<bool>(),
    );
    (place, any_filters(), view, any_pairs()).prop_map(|(place, filters, view, pairs)| {
        let (dataset, config, split, rows, sample, seed, via, endpoint, hub, map, more) = place;
        let (curves, (tokenizer, model, template), budget, row, step, run) = view;
        let reading = Reading {
            dataset,
            config: config.unwrap_or_default(),
            split: split.unwrap_or_default(),
            rows,
            sample,
            seed,
            via,
            endpoint,
            hub,
            map,
            more,
            ..Reading::default()
        };
        Recipe {
            reading,
            filters,
            count: Method {
                tokenizer,
                model,
                template,
            },
            budget,
            pairs,
            curves,
            row,
            step,
            run,
            ..Recipe::default()
        }
    })
}

/// Queries with known keys and values of any kind.
fn any_query() -> impl Strategy<Value = String> {
    let names: Vec<&str> = keys::all().map(|key| key.name).collect();
    let pair =
        (prop::sample::select(names), hostile()).prop_map(|(key, value)| format!("{key}={value}"));
    prop_oneof![
        any::<String>(),
        prop::collection::vec(pair, 0..6).prop_map(|pairs| pairs.join("&")),
    ]
}

proptest! {
    #[test]
    fn a_recipe_is_read_as_it_was_written(recipe in any_recipe()) {
        let query = print(&recipe);
        let (read, notices) = parse(&query);
        prop_assert_eq!(notices, [], "{}", &query);
        prop_assert_eq!(read, recipe, "{}", query);
    }

    #[test]
    fn a_written_recipe_passes_through_a_url_unchanged(recipe in any_recipe()) {
        let query = print(&recipe);
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.~/:,!@%=&".contains(c);
        prop_assert!(query.chars().all(plain), "{}", query);
    }

    #[test]
    fn whatever_is_typed_gives_a_recipe_that_is_read_as_it_is_written(query in any_query()) {
        let (recipe, _) = parse(&query);
        let printed = print(&recipe);
        let (again, notices) = parse(&printed);
        prop_assert_eq!(notices, [], "{} from {}", &printed, &query);
        prop_assert_eq!(again, recipe, "{} from {}", printed, query);
    }
}
