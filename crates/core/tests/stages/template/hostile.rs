//! Templates and conversations that nobody would write: an error that says why, never a panic, never for ever.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use tracesift_core::tokens::template::{Edges, Family, Template, TemplateError};
use tracesift_core::trace::{Call, CallAt, CallForm, Message, Role, Tool, Trajectory};

use crate::template::shared;

fn error(source: &str) -> TemplateError {
    let row = tracesift_core::source::demo::row(1, 0);
    match Template::new("x", source, Edges::default()) {
        Ok(template) => template.render(&shared::read(&row), false).unwrap_err(),
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

#[test]
fn an_endless_template_is_stopped() {
    let nested = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}";
    let recursive = "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}";
    for source in [nested, recursive] {
        let start = Instant::now();
        let error = error(source);
        assert!(
            matches!(
                error,
                TemplateError::Endless { .. } | TemplateError::Failed { .. }
            ),
            "{error:?}"
        );
        assert!(start.elapsed() < Duration::from_secs(20), "{source}");
    }
    let deep = "{".repeat(100_000);
    assert!(matches!(
        error(&("{{".to_owned() + &deep)),
        TemplateError::Unreadable { .. }
    ));
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
    fn message()(
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
        }
    }
}

prop_compose! {
    fn trajectory()(
        messages in prop::collection::vec(message(), 0..6),
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
