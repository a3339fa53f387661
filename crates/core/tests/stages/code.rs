//! The colours of code: examples of what is peculiar to languages, and what holds of any text.
//! What is coloured is said by the texts themselves.

use proptest::prelude::*;
use tracesift_core::search::Part;
use tracesift_core::trace::{Role, Trajectory};
use tracesift_core::view::{Ink, Language, Span, colours, colours_of_lines, unfold, view};
use tracesift_testing::growth::assert_linear;
use tracesift_testing::trajectory::{add_call, message};

use Ink::{Comment, Keyword, Number, Text};

fn language(name: &str) -> &'static Language {
    Language::by_name(name).unwrap()
}

/// What is coloured in a text.
fn texts<'t>(text: &'t str, spans: &[Span]) -> Vec<(Ink, &'t str)> {
    let spans = spans.iter();
    spans
        .map(|span| (span.ink, &text[span.start..span.end]))
        .collect()
}

fn coloured<'t>(name: &str, code: &'t str) -> Vec<(Ink, &'t str)> {
    texts(code, &colours(code, language(name), false))
}

/// What is of one colour.
fn inked<'t>(name: &str, code: &'t str, ink: Ink) -> Vec<&'t str> {
    let all = coloured(name, code).into_iter();
    all.filter(|(of, _)| *of == ink)
        .map(|(_, text)| text)
        .collect()
}

#[test]
fn python_has_strings_of_three_quotes_prefixes_and_words() {
    let code = "def f(x=1.5e-3, y='#no'):\n    \"\"\"Doc 'x'\n    # no \"comment\" 7\n    \"\"\"\n    return rf'{x}\\'' if x is None else self.if_  # it's so\n";
    assert_eq!(
        coloured("python", code),
        [
            (Keyword, "def"),
            (Number, "1.5e-3"),
            (Text, "'#no'"),
            (Text, "\"\"\"Doc 'x'\n    # no \"comment\" 7\n    \"\"\""),
            (Keyword, "return"),
            (Text, "rf'{x}\\''"),
            (Keyword, "if"),
            (Keyword, "is"),
            (Number, "None"),
            (Keyword, "else"),
            (Comment, "# it's so"),
        ]
    );
}

#[test]
fn a_shell_has_here_documents_and_words_where_commands_stand() {
    let code = "cd /a && if [ -f x ]; then echo done $#; fi # it's\ncat > a.txt <<'EOF'\nit's \"so\nEOF\necho \"b # c\" \\' d\n";
    assert_eq!(
        coloured("bash", code),
        [
            (Keyword, "if"),
            (Keyword, "then"),
            (Keyword, "fi"),
            (Comment, "# it's"),
            (Text, "it's \"so\n"),
            (Text, "\"b # c\""),
        ]
    );
    // What is written into a file of a known language has that language's colours.
    let code = "cat > /tmp/a.py <<EOF\ndef f(): return 'x'\nEOF\npython3 - <<'PY' | tee log\nimport x\nPY\n\techo 1 <<< 2\n";
    assert_eq!(
        coloured("sh", code),
        [
            (Keyword, "def"),
            (Keyword, "return"),
            (Text, "'x'"),
            (Keyword, "import"),
        ]
    );
}

#[test]
fn rust_has_lifetimes_beside_letters_raw_strings_and_comments_in_comments() {
    let code = "fn f<'a>(x: &'static str) -> char { r#\"a\"b\"#; b\"\\\"\"; 'x'; '\\''; '\\u{e9}'; 'é' } /* a /* b */ 'c */ // d";
    assert_eq!(
        coloured("rust", code),
        [
            (Keyword, "fn"),
            (Text, "r#\"a\"b\"#"),
            (Text, "b\"\\\"\""),
            (Text, "'x'"),
            (Text, "'\\''"),
            (Text, "'\\u{e9}'"),
            (Text, "'é'"),
            (Comment, "/* a /* b */ 'c */"),
            (Comment, "// d"),
        ]
    );
}

#[test]
fn javascript_has_templates_and_regular_expressions() {
    let code = "const a = `x ${f({b: `y ${1}`}) + \"}\"} z`; if (/[\"/]'/g.test(a / 2 / 3)) return /'/ // e";
    assert_eq!(
        coloured("js", code),
        [
            (Keyword, "const"),
            (Text, "`x ${"),
            (Text, "`y ${"),
            (Number, "1"),
            (Text, "}`"),
            (Text, "\"}\""),
            (Text, "} z`"),
            (Keyword, "if"),
            (Text, "/[\"/]'/g"),
            (Number, "2"),
            (Number, "3"),
            (Keyword, "return"),
            (Text, "/'/"),
            (Comment, "// e"),
        ]
    );
    // Text within tags is no string.
    assert_eq!(inked("tsx", "<p>Don't</p><b>won</b>", Text), [""; 0]);
}

#[test]
fn each_language_has_its_own_ways() {
    let cpp = "#include <a>\nauto s = R\"x(a)\")x\"; int n = 1'000'000; char c = '\"'; /* b\n*/";
    assert_eq!(
        coloured("cpp", cpp),
        [
            (Keyword, "#include"),
            (Keyword, "auto"),
            (Text, "R\"x(a)\")x\""),
            (Keyword, "int"),
            (Number, "1'000'000"),
            (Keyword, "char"),
            (Text, "'\"'"),
            (Comment, "/* b\n*/"),
        ]
    );
    assert_eq!(
        coloured("sql", "SELECT 'it''s' FROM t -- x\nWHERE a IS NULL"),
        [
            (Keyword, "SELECT"),
            (Text, "'it'"),
            (Text, "'s'"),
            (Keyword, "FROM"),
            (Comment, "-- x"),
            (Keyword, "WHERE"),
            (Keyword, "IS"),
            (Number, "NULL"),
        ]
    );
    assert_eq!(
        coloured(
            "yaml",
            "a: don't # b\nc: 'd'\ne: true\nf: true love\ng: [yes, null]\n"
        ),
        [
            (Comment, "# b"),
            (Text, "'d'"),
            (Number, "true"),
            (Number, "null"),
        ]
    );
    assert_eq!(
        coloured("html", "<!-- a --><p class='b'>It's 5 < 7</p>"),
        [
            (Comment, "<!-- a -->"),
            (Keyword, "p"),
            (Text, "'b'"),
            (Keyword, "p"),
        ]
    );
    assert_eq!(
        coloured("json", "{\"a\": [-1.5, true]}"),
        [(Text, "\"a\""), (Number, "1.5"), (Number, "true")]
    );
    assert_eq!(
        inked("go", "s := `a\\` + \"b\" + string('c')", Text),
        ["`a\\`", "\"b\"", "'c'"]
    );
    assert_eq!(
        inked("lua", "--[[ a\n]] x = [[b]] -- c", Comment),
        ["--[[ a\n]]", "-- c"]
    );
    assert_eq!(
        inked("c#", "@\"C:\\\" + \"b\"", Text),
        ["@\"C:\\\"", "\"b\""]
    );
    assert_eq!(inked("toml", "a = '\\' # b", Text), ["'\\'"]);
    assert_eq!(inked("ruby", "\"a#{b}\" # c", Comment), ["# c"]);
}

#[test]
fn what_does_not_end_has_no_colour_unless_the_text_goes_on() {
    let code = "x = \"\"\"a 'b\nif c\n";
    assert_eq!(coloured("python", code), [(Keyword, "if")]);
    let cut = colours(code, language("python"), true);
    assert_eq!(texts(code, &cut), [(Text, "\"\"\"a 'b\nif c\n")]);
    assert_eq!(coloured("c", "it's /* so\nif"), [(Keyword, "if")]);
    assert_eq!(coloured("bash", "cat <<EOF\nif"), [(Keyword, "if")]);
    assert_eq!(
        coloured("js", "`a ${b} c\nif"),
        [(Text, "`a ${"), (Keyword, "if")]
    );
    assert_eq!(coloured("rust", "r#\"a\" fn"), [(Keyword, "fn")]);
}

#[test]
fn lines_from_the_middle_of_a_file_may_begin_in_a_string() {
    let lines = ["def in a text", "\"\"\"", "def f(): return 'x'"];
    let inks = |is_start| -> Vec<Vec<(Ink, &str)>> {
        let spans = colours_of_lines(&lines, language("python"), is_start);
        let lines = lines.iter().zip(&spans);
        lines.map(|(line, spans)| texts(line, spans)).collect()
    };
    let last = vec![(Keyword, "def"), (Keyword, "return"), (Text, "'x'")];
    assert_eq!(inks(false)[1..], [vec![], last]);
    assert_eq!(
        inks(true)[1..],
        [vec![(Text, "\"\"\"")], vec![(Text, "def f(): return 'x'")]]
    );
    // One that ends is believed in, and no line has the colour of another's bytes.
    let doc = ["x = \"\"\"a", "", "b\"\"\" # c"];
    let spans = colours_of_lines(&doc, language("python"), false);
    let doc = doc.iter().zip(&spans);
    let doc: Vec<_> = doc.map(|(line, spans)| texts(line, spans)).collect();
    assert_eq!(
        doc,
        [
            vec![(Text, "\"\"\"a")],
            vec![],
            vec![(Text, "b\"\"\""), (Comment, "# c")]
        ]
    );
}

#[test]
fn a_language_is_told_by_the_file_or_by_its_name() {
    let same =
        |path: &str, name: &str| assert_eq!(Language::by_path(path), Language::by_name(name));
    same("/testbed/src/a.PY", "python");
    same("b/Dockerfile", "docker");
    same("x/y.test.tsx", "ts");
    same("a.h", "c");
    same("a.yml", "yaml");
    for path in ["README.md", "a", "", "a.log", "makefile"] {
        assert_eq!(Language::by_path(path), None, "{path}");
    }
    assert_eq!(Language::by_name("text"), None);
}

/// The colours of a text of a run: of what is shown at first, and of the whole.
fn shown(run: &Trajectory, message: usize, part: Part) -> Vec<(Ink, String)> {
    let whole = unfold(run, message, part).unwrap();
    let turn = &view(run, 0, None).turns[message];
    let folded = match part {
        Part::Text => &turn.text,
        Part::Reasoning => &turn.reasoning,
        Part::Argument { call, argument } => &turn.calls[call].arguments[argument].1,
        Part::Tool { .. } | Part::Key { .. } => panic!("a name"),
    };
    assert_eq!(folded.head, whole.text, "these are short");
    assert_eq!(folded.colours, whole.colours);
    let texts = texts(&whole.text, &whole.colours).into_iter();
    texts.map(|(ink, text)| (ink, text.to_owned())).collect()
}

fn said(text: &str) -> Trajectory<'_> {
    Trajectory {
        messages: vec![message(Role::User, text)],
        ..Trajectory::default()
    }
}

#[test]
fn fenced_code_is_coloured_by_the_name_behind_its_fence() {
    let text = "if it's\n```python\nif x: 'y'\n```\nif so:\n  ~~~~ js {1}\nlet a\n~~~\n~~~~\n```\nif none\n```\n```text\nif\n```\n";
    assert_eq!(
        shown(&said(text), 0, Part::Text),
        [
            (Keyword, "if".to_owned()),
            (Text, "'y'".to_owned()),
            (Keyword, "let".to_owned())
        ]
    );
    // One that is never closed may be no fence at all.
    assert_eq!(shown(&said("```python\nif x"), 0, Part::Text), []);
}

#[test]
fn commands_and_files_in_arguments_are_coloured() {
    let argument = |tool: &'static str, arguments: &'static str| {
        let mut run = said("x");
        add_call(&mut run, tool, arguments, None);
        let count = view(&run, 0, None).turns[1].calls[0].arguments.len();
        let inks = (0..count).map(|argument| {
            let part = Part::Argument { call: 0, argument };
            shown(&run, 1, part).len()
        });
        inks.collect::<Vec<_>>()
    };
    assert_eq!(
        argument(
            "execute_bash",
            r#"{"command":"if x; then y; fi","timeout":"5"}"#
        ),
        [3, 0]
    );
    assert_eq!(
        argument("execute_ipython_cell", r#"{"code":"import x"}"#),
        [1]
    );
    assert_eq!(argument("bash", "if x; then y; fi"), [3]);
    assert_eq!(
        argument(
            "str_replace_editor",
            r#"{"command":"create","path":"/a/b.py","file_text":"import x\n# y","new_str":"'''","security":"if"}"#
        ),
        [0, 0, 2, 0, 0]
    );
    assert_eq!(
        argument("edit", r#"{"path":"/a/b.md","content":"import x"}"#),
        [0, 0]
    );
    assert_eq!(argument("finish", r#"{"command":"if x; then y; fi"}"#), [0]);
}

#[test]
fn an_observation_is_coloured_where_it_is_a_file_for_certain() {
    let observed = |tool: &'static str, arguments: &'static str, text: &'static str| {
        let mut run = said("x");
        add_call(&mut run, tool, arguments, Some(text));
        let inks = shown(&run, 2, Part::Text).into_iter();
        inks.map(|(_, text)| text).collect::<Vec<_>>()
    };
    let viewed = r#"{"command":"view","path":"/a/b.py"}"#;
    let listing = "Here's what is in /a/b.py, if any:\n     1\timport x\n     2\t'''a\n     3\tb''' # 7\n4\nif so\n";
    assert_eq!(
        observed("str_replace_editor", viewed, listing),
        ["import", "'''a", "b'''", "# 7"]
    );
    let edited = r#"{"command":"str_replace","path":"/a/b.py"}"#;
    let snippet = "It has been edited, if ever:\n     7\timport x\n     8\tb''' # 7\nelse\n";
    assert_eq!(
        observed("str_replace_editor", edited, snippet),
        ["import", "# 7"]
    );
    // A folder, a text that lists nothing, another language, an error.
    for (arguments, text) in [
        (viewed, "/a\n/a/b if\n"),
        (r#"{"command":"view","path":"/a"}"#, listing),
        (viewed, "ERROR:\n1\timport x\n2\timport y"),
    ] {
        assert_eq!(
            observed("str_replace_editor", arguments, text),
            [""; 0],
            "{text}"
        );
    }
    let printed = "import x\nif y: 'z'\n[The command completed with exit code 0.]\n[Current working directory: /if/5]";
    for command in [
        r#"{"command":"cat a.py"}"#,
        r#"{"command":"cd /a && sed -n '1,20p' b/a.py"}"#,
        r#"{"command":"head -n 20 a.py"}"#,
    ] {
        assert_eq!(observed("bash", command, printed), ["import", "if", "'z'"]);
    }
    assert_eq!(
        observed(
            "bash",
            r#"{"command":"cat -n a.py"}"#,
            "     1\timport x\n     2\tif"
        ),
        ["import", "if"]
    );
    for command in [
        r#"{"command":"cat a.py b.py"}"#,
        r#"{"command":"cat a.py | head"}"#,
        r#"{"command":"python a.py"}"#,
        r#"{"command":"cat a.txt"}"#,
        r#"{"command":"cat a.py; ls"}"#,
    ] {
        assert_eq!(observed("bash", command, printed), [""; 0], "{command}");
    }
}

#[test]
fn a_patch_has_the_colours_of_its_files() {
    let patch = "diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n@@ -5,4 +5,4 @@ def f():\n '''a\n-if b''' # c\n+if d'''; import e\n \n@@ -20,2 +20,2 @@\n-f'''\n+g''' if\n if h\n\
                 diff --git a/y.md b/y.md\n--- a/y.md\n+++ b/y.md\n@@ -1 +1 @@\n-if\n+for\n";
    let run = Trajectory {
        model_patch: Some(patch.into()),
        ..Trajectory::default()
    };
    let lines = view(&run, 0, None).patch.unwrap().lines;
    let inks: Vec<_> = lines
        .iter()
        .map(|line| texts(&line.text, &line.colours))
        .collect();
    assert_eq!(inks[4], [(Text, "'''a")]);
    assert_eq!(inks[5], [(Text, "if b'''"), (Comment, "# c")]);
    assert_eq!(inks[6], [(Text, "if d'''"), (Keyword, "import")]);
    // A hunk that begins within a string: what is certain is in one line.
    assert_eq!(inks[10], [(Keyword, "if")]);
    assert_eq!(inks[11], [(Keyword, "if")]);
    assert!(inks[12..].iter().all(Vec::is_empty));
}

/// What languages begin and end things with.
const SCRAPS: [&str; 40] = [
    "\"",
    "'",
    "`",
    "\"\"\"",
    "'''",
    "\\",
    "${",
    "}",
    "{",
    "/*",
    "*/",
    "//",
    "#",
    "--",
    "<!--",
    "-->",
    "<",
    ">",
    "/",
    "[[",
    "]]",
    "r#\"",
    "\"#",
    "R\"x(",
    ")x\"",
    "<<EOF",
    "EOF",
    "<<-'a'",
    "\n",
    " ",
    "if",
    "1e-",
    "5",
    "é",
    "→",
    "```python",
    "~~~",
    "@\"",
    "0x",
    "'a",
];

fn hostile() -> impl Strategy<Value = String> {
    let scrap = prop_oneof![
        4 => prop::sample::select(&SCRAPS[..]).prop_map(str::to_owned),
        1 => "\\PC{0,4}",
    ];
    prop::collection::vec(scrap, 0..60).prop_map(|scraps| scraps.concat())
}

fn any_language() -> impl Strategy<Value = &'static Language> {
    let names = [
        "python", "rust", "js", "go", "c", "java", "c#", "kotlin", "swift", "scala", "dart", "php",
        "ruby", "lua", "bash", "docker", "sql", "json", "yaml", "toml", "css", "html",
    ];
    prop::sample::select(names.map(language).to_vec())
}

/// Spans are in order, not empty, and at the borders of letters.
fn assert_fit(text: &str, spans: &[Span]) {
    let mut at = 0;
    for span in spans {
        assert!(
            span.start >= at && span.end > span.start,
            "{span:?} behind {at}"
        );
        assert!(
            text.get(span.start..span.end).is_some(),
            "{span:?} cuts a letter"
        );
        at = span.end;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_stands_in_a_text_its_colours_fit_it(text in hostile(), language in any_language(), is_cut in any::<bool>()) {
        assert_fit(&text, &colours(&text, language, is_cut));
        let lines: Vec<&str> = text.split('\n').collect();
        let of_lines = colours_of_lines(&lines, language, is_cut);
        prop_assert_eq!(of_lines.len(), lines.len());
        for (line, spans) in lines.iter().zip(&of_lines) {
            assert_fit(line, spans);
        }
    }

    #[test]
    fn whatever_stands_in_a_run_its_colours_fit_it(text in hostile(), name in "[a-z]{1,2}\\.(py|js|sh|rs)") {
        let mut run = said(&text);
        let arguments = serde_json::json!({"command": "view", "path": name, "new_str": text}).to_string();
        let listing: String = (1..).zip(text.lines()).map(|(number, line)| format!("{number}\t{line}\n")).collect();
        add_call(&mut run, "edit", arguments.as_str(), Some(&listing));
        run.messages[1].reasoning = text.as_str().into();
        for (message, part) in [
            (0, Part::Text),
            (1, Part::Reasoning),
            (1, Part::Argument { call: 0, argument: 2 }),
            (2, Part::Text),
        ] {
            let whole = unfold(&run, message, part).unwrap();
            assert_fit(&whole.text, &whole.colours);
        }
    }
}

#[test]
fn colours_take_linear_time_whatever_stands_in_a_text() {
    for scrap in SCRAPS {
        for end in ["", "\n"] {
            for name in ["python", "rust", "js", "bash", "html"] {
                let text = |times: usize| format!("{scrap}{end}").repeat(times);
                assert_linear(1_000, text, |text| colours(text, language(name), false));
            }
        }
    }
    let mixed = |times: usize| "it's \"a `b ${c /* d <<EOF # \\' r#\"".repeat(times);
    for name in ["js", "bash", "rust", "c"] {
        assert_linear(4_000, mixed, |text| colours(text, language(name), false));
    }
    let lines = |times: usize| "'''\n\"\"\" /* <<E\n".repeat(times);
    assert_linear(4_000, lines, |text| {
        let lines: Vec<&str> = text.split('\n').collect();
        colours_of_lines(&lines, language("python"), false)
    });
}
