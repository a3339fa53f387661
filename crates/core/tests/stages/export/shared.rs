//! What all of these tests use: messages made by hand, one run that has everything, rows of the demo and real ones.

use std::borrow::Cow;
use std::sync::OnceLock;

use serde_json::Value;
use tracesift_core::export::check::Rejected;
use tracesift_core::export::format::Row;
use tracesift_core::export::prepare::Part;
use tracesift_core::export::writer::{Line, Writer};
use tracesift_core::export::{Format, Options, Origin};
use tracesift_core::tokens::{Counter, Tokenizer};
use tracesift_core::trace::{Call, CallAt, CallForm, Message, Role, Tool, Trajectory};

pub fn message(role: Role, text: &str) -> Message<'static> {
    Message {
        role,
        text: text.to_owned().into(),
        reasoning: Cow::Borrowed(""),
        calls: Vec::new(),
        answers: None,
        ..Message::default()
    }
}

pub fn call(id: &str, name: &str, arguments: &str) -> Call<'static> {
    Call {
        id: id.to_owned().into(),
        name: name.to_owned().into(),
        arguments: arguments.to_owned().into(),
        form: CallForm::Structured,
        answer: None,
    }
}

pub fn observation(text: &str, answers: Option<(usize, usize)>) -> Message<'static> {
    Message {
        answers: answers.map(|(message, call)| CallAt { message, call }),
        ..message(Role::Tool, text)
    }
}

pub fn assistant(text: &str, reasoning: &str, calls: Vec<Call<'static>>) -> Message<'static> {
    Message {
        reasoning: reasoning.to_owned().into(),
        calls,
        ..message(Role::Assistant, text)
    }
}

pub fn tool(name: &str, schema: &str) -> Tool<'static> {
    Tool {
        name: name.to_owned().into(),
        schema: schema.to_owned().into(),
    }
}

pub fn run(messages: Vec<Message<'static>>) -> Trajectory<'static> {
    Trajectory {
        messages,
        ..Trajectory::default()
    }
}

/// Calls know their answers, as after reading.
pub fn linked(mut trajectory: Trajectory<'static>) -> Trajectory<'static> {
    for at in 0..trajectory.messages.len() {
        if let Some(asked) = trajectory.messages[at].answers {
            trajectory.messages[asked.message].calls[asked.call].answer = Some(at);
        }
    }
    trajectory
}

pub const BASH: &str = r#"{"type":"function","function":{"name":"bash","description":"runs","parameters":{"type":"object","properties":{"command":{"type":"string"}}}}}"#;
pub const VIEW: &str = r#"{"name":"view"}"#;

/// A run with everything: parallel calls, a failed call, reasoning, text beside calls.
pub fn sample() -> Trajectory<'static> {
    let mut trajectory = run(vec![
        message(Role::System, "be brief"),
        message(Role::User, "fix it"),
        assistant(
            "I look.",
            "look first",
            vec![
                call("c1", "bash", r#"{"command":"ls"}"#),
                call("c2", "view", r#"{"path":"/a","lines":[1,2]}"#),
            ],
        ),
        observation("a.py", Some((2, 0))),
        observation("text", Some((2, 1))),
        assistant("", "", vec![call("c3", "bash", r#"{"command":"rm"}"#)]),
        observation("ERROR: no", Some((5, 0))),
        assistant("done", "", Vec::new()),
    ]);
    trajectory.tools = vec![tool("bash", BASH), tool("view", VIEW)];
    trajectory.labels.instance_id = Some("o__n-1".into());
    trajectory.labels.repo = Some("o/n".into());
    trajectory.labels.harness = Some("openhands".into());
    linked(trajectory)
}

/// The format of a name.
pub fn named(format: &str) -> Format {
    Format::from_name(format).expect("a format")
}

/// The line of a whole trajectory in the default format.
pub fn line(trajectory: &Trajectory, origin: &Origin) -> String {
    let options = Options::default();
    options.format.encoder().line(&Row {
        part: &Part::whole(trajectory.clone()),
        origin,
        options: &options,
        learned: &[],
        tokens: None,
    })
}

pub fn options(format: Format) -> Options {
    Options {
        format,
        ..Options::default()
    }
}

/// The default of a format that every format takes: what ends elsewhere is trimmed.
pub fn trimmed(format: Format) -> Options {
    Options {
        end_at_assistant: true,
        ..options(format)
    }
}

pub fn write(trajectory: &Trajectory, options: &Options) -> Vec<Result<Line, Rejected>> {
    writer(options, None).write(trajectory, &Origin::default())
}

pub fn write_counted(trajectory: &Trajectory, options: &Options) -> Vec<Result<Line, Rejected>> {
    writer(options, Some(counter())).write(trajectory, &Origin::default())
}

pub fn writer<'o>(options: &'o Options, counter: Option<&'o Counter>) -> Writer<'o> {
    Writer {
        options,
        seed: 1,
        counter,
    }
}

/// The one line of a run, as JSON.
pub fn written(trajectory: &Trajectory, options: &Options) -> Value {
    let mut lines = write(trajectory, options);
    assert_eq!(lines.len(), 1);
    serde_json::from_str(&lines.remove(0).unwrap().text).unwrap()
}

thread_local! {
    static COUNTER: &'static Counter = Box::leak(Box::new(Counter::new(Tokenizer::Qwen2)));
}

/// A counter, unpacked once per thread.
pub fn counter() -> &'static Counter {
    COUNTER.with(|counter| *counter)
}

/// Rows of the demo, and real ones where `TRACESIFT_TRACES` names a folder of them.
pub fn rows_to_export() -> &'static [String] {
    static ROWS: OnceLock<Vec<String>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let mut rows: Vec<String> = (0..40)
            .map(|index| tracesift_core::source::demo::row(1, index))
            .collect();
        if let Ok(folder) = std::env::var("TRACESIFT_TRACES") {
            for name in ["nebius-swe-agent", "swe-gym-openhands", "swe-smith-xml"] {
                let file = std::path::Path::new(&folder).join(format!("{name}.jsonl"));
                let text = std::fs::read_to_string(file).unwrap();
                rows.extend(text.lines().map(str::to_owned));
            }
        }
        rows
    })
}
