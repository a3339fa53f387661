//! Templates and conversations that nobody would write: an error that says why, never a panic, never for ever.

use proptest::prelude::*;
use tracesift_core::tokens::template::{Edges, Family, Template, TemplateError};
use tracesift_core::trace::{Call, CallAt, CallForm, Message, Role, Tool, Trajectory};

use tracesift_testing::trajectory::message;

use crate::template::shared;

/// The error of a template with a conversation of one message, for which it may take the fewest steps.
fn error(source: &str) -> TemplateError {
    let trajectory = Trajectory {
        messages: vec![message(Role::User, "Go.")],
        ..Trajectory::default()
    };
    match Template::new("x", source, Edges::default()) {
        Ok(template) => template.render(&trajectory, false).unwrap_err(),
        Err(error) => error,
    }
}

#[test]
fn an_error_says_whose_template_and_why() {
    let unreadable = error("{% for %}").to_string();
    assert!(unreadable.contains("x can't be read"), "{unreadable}");
    let refused = error("{{ raise_exception('no <b>tools</b>\n here') }}").to_string();
    assert_eq!(
        refused,
        "the chat template of x refuses it: no <b>tools</b> here"
    );
    let failed = error("\n{{ messages.nothing.more }}").to_string();
    assert!(
        failed.starts_with("the chat template of x fails: "),
        "{failed}"
    );
    assert!(failed.ends_with("(line 2)"), "{failed}");
    assert!(matches!(
        error("{{ strftime_now('%Q') }}"),
        TemplateError::Failed { .. }
    ));
}

/// The same on a stack of half the size that a worker has.
fn error_on_a_small_stack(source: String) -> TemplateError {
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    thread
        .spawn(move || error(&source))
        .unwrap()
        .join()
        .unwrap()
}

#[test]
fn an_endless_template_is_stopped() {
    let nested = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}";
    let repeated = "{{ [1] * 100000000 }}";
    let wide = "{{ 'a\nb' | indent(1000000000) }}";
    for source in [nested, repeated, wide] {
        let error = error(source);
        assert!(matches!(error, TemplateError::Endless { .. }), "{error:?}");
    }
    // The parser's and the engine's own limits of recursion.
    let recursive = "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}".to_owned();
    let error = error_on_a_small_stack(recursive);
    assert!(matches!(error, TemplateError::Failed { .. }), "{error:?}");
}

/// What writes `x`, one way or another.
const WRITERS: [&str; 27] = [
    "{{ x }}",
    "{{ namespace(x=x) }}",
    "{{ dict(x=x) }}",
    "{{ [x] }}",
    "{{ (x, 1) }}",
    "{{ x | tojson }}",
    "{{ x | tojson(indent=2) }}",
    "{{ x | string }}",
    "{{ x | join(',') }}",
    "{{ x | map('string') | join }}",
    "{{ x | upper }}",
    "{{ x | lower }}",
    "{{ x | title }}",
    "{{ x | capitalize }}",
    "{{ x | trim }}",
    "{{ x | indent }}",
    "{{ x | replace('1', '2') }}",
    "{{ x | pprint }}",
    "{{ x | e }}",
    "{{ x | safe }}",
    "{{ '%s' | format(x) }}",
    "{{ '{}'.format(x) }}",
    "{{ ','.join(x) }}",
    "{{ [1] | selectattr(x) | list }}",
    "{{ [1] | rejectattr(x) | list }}",
    "{{ raise_exception(x) }}",
    "{% set y = x %}{{ y }}",
];

#[test]
fn a_value_of_a_hundred_million_parts_is_not_written() {
    for write in WRITERS {
        let source =
            format!("{{% macro m(x) %}}{write}{{% endmacro %}}{{{{ m([1] * 100000000) }}}}");
        let error = error(&source);
        assert!(
            matches!(error, TemplateError::Endless { .. }),
            "{write}: {error:?}"
        );
    }
}

#[test]
fn a_value_that_holds_itself_twice_sixty_times_over_is_not_built() {
    for twice in [
        "[ns.x, ns.x]",
        "(ns.x, ns.x)",
        "ns.x, ns.x",
        "{'a': ns.x, 'b': ns.x}",
        "dict(a=ns.x, b=ns.x)",
        "[ns.x] * 2",
        "[ns.x] + [ns.x]",
        "namespace(a=ns.x, b=ns.x)",
    ] {
        let source = format!(
            "{{% set ns = namespace(x=[1]) %}}{}{{{{ ns.x ~ '' }}}}",
            format!("{{% set ns.x = {twice} %}}").repeat(60)
        );
        let error = error(&source);
        assert!(
            matches!(error, TemplateError::Endless { .. }),
            "{twice}: {error:?}"
        );
    }
}

#[test]
fn a_value_that_holds_itself_ten_thousand_times_over_is_refused() {
    for deeper in [
        "[ns.x]",
        "(ns.x, 1)",
        "ns.x, 1",
        "{'a': ns.x}",
        "namespace(x=ns.x)",
        "dict(x=ns.x)",
        "ns.x | batch(1)",
        "ns",
        "[ns]",
    ] {
        let source = format!(
            "{{% set ns = namespace(x=[1]) %}}{{% for i in range(30000) %}}{{% set ns.x = {deeper} %}}{{% endfor %}}{{{{ ns }}}}"
        );
        let error = error_on_a_small_stack(source);
        assert!(
            matches!(error, TemplateError::Failed { .. }),
            "{deeper}: {error:?}"
        );
        assert!(error.to_string().contains("more than 128 deep"), "{error}");
    }
    // Views of views: a slice, a repeated list, a sum.
    for view in ["ns.x[:]", "ns.x * 1", "ns.x + []", "ns.x | chain([])"] {
        let source = format!(
            "{{% set ns = namespace(x=[1]) %}}{{% for i in range(30000) %}}{{% set ns.x = {view} %}}{{% endfor %}}{{{{ ns.x[9].a }}}}"
        );
        let error = error_on_a_small_stack(source);
        let is_stopped = matches!(
            error,
            TemplateError::Failed { .. } | TemplateError::Endless { .. }
        );
        assert!(is_stopped, "{view}: {error:?}");
    }
}

#[test]
fn a_template_that_the_parser_has_no_stack_for_is_not_parsed() {
    let tag = |inside: String| format!("line one\n{{{{ {inside} }}}}");
    let chains = [
        " + 1",
        ".a",
        "[0]",
        "()",
        " | e",
        " ** 1",
        " is a",
        " if 1 else 1",
        " and 1",
        " ~ 1",
        " < 1",
    ];
    for link in chains {
        let error = error_on_a_small_stack(tag("1".to_owned() + &link.repeat(5_000)));
        assert_eq!(
            error.to_string(),
            "The chat template of x is not read: line 2 chains more than 500 operators in one tag. \
             Choose another model, or count without a chat template.",
            "{link}"
        );
    }
    for prefix in ["not ", "-"] {
        let error = error_on_a_small_stack(tag(prefix.repeat(10_000) + "1"));
        assert!(error.to_string().contains("chains more than"), "{error}");
    }
    for open in ["[", "(", "{"] {
        let error = error_on_a_small_stack(tag(open.repeat(10_000)));
        assert!(
            error.to_string().contains("brackets more than 30 deep"),
            "{error}"
        );
    }
    let branches = "{% if a %}".to_owned() + &"{% elif a %}\n".repeat(10_000);
    for blocks in [
        "{% if a %}\n".repeat(10_000),
        "{% for a in b %}\n".repeat(10_000),
        branches,
    ] {
        let error = error_on_a_small_stack(blocks);
        assert!(
            error.to_string().contains("branches more than 100 deep"),
            "{error}"
        );
    }
    let long = "a\n".repeat(500_001);
    assert!(error(&long).to_string().contains("larger than 1000 KB"));
}

#[test]
fn a_line_that_is_longer_than_columns_are_counted_is_refused() {
    let line = format!("\n{}{{{{ 'no end", "a".repeat(70_000));
    let said = error(&line).to_string();
    assert!(said.contains("line 2 is longer than 65000"), "{said}");
}

#[test]
fn a_template_at_its_limits_is_parsed_on_a_small_stack() {
    let limits = [
        format!("{{{{ 1{} }}}}", " + 1".repeat(499)),
        format!("{{{{ messages[0].content{} }}}}", " | trim".repeat(480)),
        format!("{{{{ {}1 }}}}", "- ".repeat(499)),
        format!("{{{{ {}1 }}}}", "not ".repeat(499)),
        format!("{{{{ 1{} }}}}", " if 1 else 1".repeat(249)),
        format!("{{{{ {}1{} }}}}", "[".repeat(29), "]".repeat(29)),
        format!("{}{}", "{% if 1 %}".repeat(99), "{% endif %}".repeat(99)),
        format!("{{% if 0 %}}{}{{% endif %}}", "{% elif 0 %}".repeat(99)),
    ];
    for source in limits {
        let source = source + "{{ raise_exception('the end') }}";
        let error = error_on_a_small_stack(source.clone());
        assert!(
            matches!(error, TemplateError::Refused { .. }),
            "{source}: {error:?}"
        );
    }
}

#[test]
fn what_a_template_builds_is_what_it_was() {
    let row = tracesift_core::source::demo::row(1, 0);
    let trajectory = shared::read(&row);
    for (source, expected) in [
        ("{% set a, b = 1, [2][0] %}{{ a + b }}", "3"),
        (
            "{% set t = 1, (2, 3) %}{{ t }}{{ t[1][0] }}",
            "(1, (2, 3))2",
        ),
        (
            "{% for (a, b), c in [((1, 2), 3)] %}{{ a ~ b ~ c }}{% endfor %}",
            "123",
        ),
        (
            "{% set (a, b) = (5, 6) %}{{ a * b }}{{ (1 + 2) * 3 }}",
            "309",
        ),
        (
            "{% with (a, b) = (1, 2), c = {'d': {'e': [7]}} %}{{ a }}{{ b }}{{ c.d['e'][-1] }}{% endwith %}",
            "127",
        ),
        (
            "{% macro m(a, b=[1, 2]) %}{{ b[0] }}{{ caller(1, 2) }}{% endmacro %}{% call(x, y) m(1) %}{{ x ~ y }}{% endcall %}",
            "112",
        ),
        (
            "{{ 'b' in ['a', 'b'] }}{{ 'b' not in {'a': 1} }}{{ [1, 2, 3][1:] }}",
            "TrueTrue[2, 3]",
        ),
        (
            "{% set x = [1, 2, 3][::-1] %}{% set x = x + [0] %}{{ x | tojson }}{{ x is sequence }}",
            "[3, 2, 1, 0]True",
        ),
        (
            "{% set ns = namespace(a=[], b={'c': 1}) %}{% set ns.a = ns.a + [{'d': ns.b}] %}{{ ns.a }}",
            "[{'d': {'c': 1}}]",
        ),
        (
            "{% raw %}{{ [1, 2] }}{% set x = 1, 2 %}{% endraw %}{# [ #}{{ '[(' }}",
            "{{ [1, 2] }}{% set x = 1, 2 %}[(",
        ),
        (
            "{{ 'aaa' | replace('a', 'b', 2) }}{{ 'a\nb' | indent(1) }}{{ [1, [2]] | join('-') }}",
            "bbaa\n b1-[2]",
        ),
        (
            "{% set text %}[{{ 1 }}]{% endset %}{{ text | length }}",
            "3",
        ),
    ] {
        let template = Template::new("x", source, Edges::default());
        let template = template.unwrap_or_else(|error| panic!("{source}: {error}"));
        assert_eq!(
            template.render(&trajectory, false).unwrap(),
            expected,
            "{source}"
        );
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[<>|{}%_a \\n\\[\\]/think]{0,20}"]
}

fn arguments() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        (text(), text()).prop_map(|(key, value)| serde_json::json!({ key: value }).to_string()),
        Just("{\"a\": [1.5, null, {\"b\": {}}]}".to_owned()),
        Just("[".repeat(200)),
    ]
}

prop_compose! {
    fn call()(id in text(), name in text(), arguments in arguments()) -> Call<'static> {
        Call {
            id: id.into(),
            name: name.into(),
            arguments: arguments.into(),
            form: CallForm::Structured,
            answer: None,
        }
    }
}

prop_compose! {
    fn a_message()(
        role in prop_oneof![
            Just(Role::System), Just(Role::User), Just(Role::Assistant), Just(Role::Tool)
        ],
        text in text(),
        reasoning in text(),
        calls in prop::collection::vec(call(), 0..3),
        answers in prop::option::of((0..5_usize, 0..3_usize)),
    ) -> Message<'static> {
        Message {
            role,
            text: text.into(),
            reasoning: reasoning.into(),
            calls,
            answers: answers.map(|(message, call)| CallAt { message, call }),
            ..Message::default()
        }
    }
}

prop_compose! {
    fn trajectory()(
        messages in prop::collection::vec(a_message(), 0..6),
        schemas in prop::collection::vec(arguments(), 0..3),
    ) -> Trajectory<'static> {
        let tools = schemas.into_iter().map(|schema| Tool {
            name: "".into(),
            schema: schema.into(),
        });
        Trajectory { messages, tools: tools.collect(), ..Trajectory::default() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_conversation_panics(trajectory in trajectory(), add_generation_prompt: bool) {
        for family in Family::ALL {
            let template = family.template().unwrap();
            let _ = template.render(&trajectory, add_generation_prompt);
        }
    }

    #[test]
    fn no_template_panics(
        parts in prop::collection::vec(prop_oneof![
            any::<String>(),
            prop::sample::select(vec![
                "{{ ", " }}", "{% ", " %}", "{#", "#}", "for m in messages", "endfor", "if ", "endif", "messages",
                "tools | tojson(indent=2)", "m.content.strip()", "[-1]", "[::-1]", "['a']", " + ", " ~ ", "generation",
                "endgeneration", "set x = ", "namespace(a=1)", "raise_exception('x')", "strftime_now('%Y')", "'a'", "7",
            ]).prop_map(str::to_owned),
        ], 0..12),
    ) {
        if let Ok(template) = Template::new("x", &parts.concat(), Edges::default()) {
            let row = tracesift_core::source::demo::row(1, 0);
            let _ = template.render(&shared::read(&row), true);
        }
    }
}
