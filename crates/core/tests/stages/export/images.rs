//! Images: which formats keep them, where in a text they stand, what is left out.

use serde_json::{Value, json};
use tracesift_core::export::Options;
use tracesift_core::export::check::Reason;
use tracesift_core::export::features::Feature;
use tracesift_core::export::options::Images;
use tracesift_core::export::tally::Tally;
use tracesift_core::export::warning::of_rows;
use tracesift_core::trace::{Media, MediaKind, Role, Trajectory};

use crate::export::shared::{
    assistant, call, linked, message, named, observation, options, run, write, written,
};

fn medium(kind: MediaKind, reference: Option<&'static str>) -> Media<'static> {
    Media {
        kind,
        reference: reference.map(Into::into),
    }
}

fn image(reference: &'static str) -> Media<'static> {
    medium(MediaKind::Image, Some(reference))
}

/// A user who shows a picture of a page, and a tool that shows one of the page as it is now.
fn shown() -> Trajectory<'static> {
    let mut trajectory = run(vec![
        message(Role::User, "Make it look like\n[image]\nplease."),
        assistant("", "", vec![call("c1", "look", "{}")]),
        observation("Now:\n[image]", Some((1, 0))),
        assistant("It does.", "", Vec::new()),
    ]);
    trajectory.messages[0].media = vec![image("https://x/wanted.png")];
    trajectory.messages[2].media = vec![image("now.png")];
    trajectory.tools = vec![crate::export::shared::tool("look", r#"{"name":"look"}"#)];
    linked(trajectory)
}

fn left_out(trajectory: &Trajectory, format: &str) -> usize {
    let line = write(trajectory, &options(named(format)))
        .remove(0)
        .unwrap();
    let lost = line.odd.iter().map(|reason| match reason {
        Reason::Media { left_out, .. } => *left_out,
        _ => 0,
    });
    lost.sum()
}

#[test]
fn openai_shows_the_users_images_at_an_address_in_their_places() {
    let line = written(&shown(), &options(named("openai")));
    assert_eq!(
        line["messages"][0]["content"],
        json!([
            {"type": "text", "text": "Make it look like\n"},
            {"type": "image_url", "image_url": {"url": "https://x/wanted.png"}},
            {"type": "text", "text": "\nplease."},
        ])
    );
    // A tool's message takes texts only, and a path is no address.
    assert_eq!(line["messages"][2]["content"], "Now:\n[image]");
    assert_eq!(left_out(&shown(), "openai"), 1);
}

#[test]
fn llamafactory_and_swift_find_each_image_at_its_mark() {
    for (format, turns, text) in [
        ("llamafactory", "conversations", "value"),
        ("swift", "messages", "content"),
    ] {
        let line = written(&shown(), &options(named(format)));
        assert_eq!(line["images"], json!(["https://x/wanted.png", "now.png"]));
        assert_eq!(line[turns][0][text], "Make it look like\n<image>\nplease.");
        assert_eq!(line[turns][2][text], "Now:\n<image>");
        assert_eq!(left_out(&shown(), format), 0);
    }
}

#[test]
fn other_formats_say_how_many_images_they_leave_out() {
    for format in ["messages", "prompt-completion", "axolotl", "verl", "nemo"] {
        assert_eq!(left_out(&shown(), format), 2, "{format}");
        let line = written(&shown(), &options(named(format)));
        assert_eq!(line.get("images"), None);
    }
    for format in ["plain", "atif"] {
        assert_eq!(left_out(&shown(), format), 0, "{format}");
    }
}

#[test]
fn an_image_is_left_out_whose_place_is_not_known_for_sure() {
    let in_user = |text: &str, media: Vec<Media<'static>>| {
        let mut trajectory = shown();
        trajectory.messages[0].text = text.to_owned().into();
        trajectory.messages[0].media = media;
        trajectory
    };
    let wanted = || image("https://x/wanted.png");
    // One of the two words is the user's own.
    let own_word = in_user("Write [image] as in [image].", vec![wanted()]);
    let line = written(&own_word, &options(named("swift")));
    assert_eq!(line["images"], json!(["now.png"]));
    assert_eq!(left_out(&own_word, "swift"), 1);
    // The row holds the bytes, and a sound is no image.
    let bytes = medium(MediaKind::Image, None);
    let sound = medium(MediaKind::Audio, Some("a.wav"));
    let several = in_user("[image] [audio] [image]", vec![bytes, sound, wanted()]);
    let line = written(&several, &options(named("swift")));
    assert_eq!(line["messages"][0]["content"], "[image] [audio] <image>");
    assert_eq!(left_out(&several, "swift"), 2);
    assert_eq!(left_out(&several, "openai"), 3);
    // The trainer would take the mark in a text for one more image.
    let mut own_mark = shown();
    own_mark.messages[3].text = "It has <image> now.".into();
    for format in ["llamafactory", "swift"] {
        let line = written(&own_mark, &options(named(format)));
        assert_eq!(line.get("images"), None);
        assert_eq!(left_out(&own_mark, format), 2);
    }
}

#[test]
fn a_row_that_was_made_for_these_trainers_keeps_its_marks() {
    let mut trajectory = shown();
    trajectory.messages[0].text = "Like <image>?".into();
    let line = written(&trajectory, &options(named("llamafactory")));
    assert_eq!(line["images"], json!(["https://x/wanted.png", "now.png"]));
    assert_eq!(line["conversations"][0]["value"], "Like <image>?");
}

#[test]
fn results_that_are_merged_keep_their_images() {
    let mut trajectory = run(vec![
        message(Role::User, "Look twice."),
        assistant(
            "",
            "",
            vec![call("c1", "look", "{}"), call("c2", "look", "{}")],
        ),
        observation("[image]", Some((1, 0))),
        observation("[image]", Some((1, 1))),
        assistant("Seen.", "", Vec::new()),
    ]);
    trajectory.messages[2].media = vec![image("a.png")];
    trajectory.messages[3].media = vec![image("b.png")];
    let merged = Options {
        merge_parallel: true,
        ..options(named("swift"))
    };
    let line = written(&linked(trajectory), &merged);
    assert_eq!(line["images"], json!(["a.png", "b.png"]));
    let results = line["messages"].as_array().unwrap().iter();
    let mut results = results.filter(|message| message["role"] == "tool_response");
    assert_eq!(results.next().unwrap()["content"], "<image>\n\n<image>");
}

#[test]
fn a_word_stands_in_the_place_of_images_where_it_is_wanted() {
    for format in ["openai", "llamafactory", "swift"] {
        let options = Options {
            images: Images::Word,
            ..options(named(format))
        };
        let line = written(&shown(), &options);
        assert_eq!(line.get("images"), None);
        assert!(
            line.to_string()
                .contains(r"Make it look like\n[image]\nplease."),
            "{format}"
        );
    }
}

#[test]
fn what_is_beside_the_rows_knows_of_the_images() {
    let options = options(named("llamafactory"));
    let line = write(&shown(), &options).remove(0).unwrap();
    let mut tally = Tally::default();
    tally.add_line(&line);
    let warnings = of_rows(&options, &tally);
    let said: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert!(
        said.iter().any(|said| said.starts_with("1 row has images")),
        "{said:?}"
    );

    let file = tracesift_core::export::file::SplitFile {
        split: line.split,
        file: tracesift_core::export::file::FileCounter::default().file("x.jsonl"),
    };
    let sidecars = options.format.encoder().sidecars(&[file], &options, &tally);
    let info: Value = serde_json::from_str(&sidecars[0].text).unwrap();
    assert_eq!(info["x"]["columns"]["images"], "images");

    let features = Feature::of_lines(&options, line.shape).unwrap();
    let Feature::Struct(columns) = features else {
        panic!("columns");
    };
    let images = Feature::List(Box::new(Feature::Text));
    assert!(columns.contains(&("images".to_owned(), images)));
}
