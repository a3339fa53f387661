//! The agent's walk through a project: explore, reproduce, change, verify, finish.
//! What a call gives back is read from the project's files as they stand, so calls and observations agree.

use serde_json::json;

use super::draw::Draw;
use super::harness::Harness;
use super::project::Fix;
use super::suite;
use super::task::{Patch, Task};
use super::template::capital;
use super::toolbox::{Action, Toolbox};
use super::transcript::{Message, Transcript};
use super::words::{Aim, OPENERS};
use super::workspace::Workspace;
use super::{Change, Plan};

/// The shares of a run's turns after which it has explored, reproduced, changed and verified.
const PHASES: [f64; 4] = [0.3, 0.42, 0.7, 0.94];

/// What is left when the run is over.
pub(super) struct Ending {
    pub messages: Vec<Message>,
    /// `None` where the row says null.
    pub patch: Option<Patch>,
}

/// An agent at work.
pub(super) struct Agent<'a> {
    draw: &'a mut Draw,
    task: &'a Task,
    plan: &'a Plan,
    tools: Toolbox,
    files: Workspace,
    transcript: Transcript,
    /// Whether every place of the bug is right.
    fixed: bool,
    has_script: bool,
}

impl<'a> Agent<'a> {
    pub fn new(
        draw: &'a mut Draw,
        task: &'a Task,
        plan: &'a Plan,
        harness: Harness,
        thinks: bool,
    ) -> Self {
        Self {
            draw,
            task,
            plan,
            tools: Toolbox {
                harness,
                root: harness.root(task),
            },
            files: task.workspace.clone(),
            transcript: Transcript::new(thinks),
            fixed: false,
            has_script: false,
        }
    }

    /// The whole run.
    pub fn run(mut self) -> Ending {
        let harness = self.tools.harness;
        self.transcript.say("system", harness.system().to_owned());
        self.transcript.say("user", harness.task(self.task));
        self.explore();
        self.reproduce();
        self.change();
        self.verify();
        self.finish();
        let patch = self.files.patch();
        Ending {
            patch: (patch.files > 0 || self.draw.chance(0.5)).then_some(patch),
            messages: self.transcript.messages,
        }
    }

    fn explore(&mut self) {
        let listing = self.tools.list(&self.files);
        self.turn(Aim::LookAround, "", "", vec![listing]);
        self.search();
        let source = &self.task.source;
        let whole = self.tools.view(&self.files, source, None);
        self.turn(Aim::ReadFirst, source, "", vec![whole]);
        let guess = self.draw.pick(&self.task.bug.guesses);
        self.think(guess);
        self.wander(PHASES[0]);
    }

    fn reproduce(&mut self) {
        if self.draw.chance(0.15) {
            return;
        }
        let (path, text) = &self.task.script;
        self.files.write(path, text.clone());
        self.has_script = true;
        let created = self.tools.created(path, text);
        self.turn(Aim::WriteScript, path, "", vec![created]);
        self.run_script();
        self.think(&format!("Now it is clear: {}.", self.task.bug.cause));
        self.wander(PHASES[1]);
    }

    fn change(&mut self) {
        let task = self.task;
        match self.plan.change {
            Change::Elsewhere | Change::Nothing => self.edit_all(task.elsewhere.as_slice()),
            Change::Part | Change::PartTested => {
                self.edit_all(task.fixes.get(..1).unwrap_or_default());
            }
            Change::Whole | Change::Commented | Change::Tested | Change::Noted => {
                self.edit_all(&task.fixes);
                self.fixed = true;
            }
        }
        self.wander(PHASES[2]);
    }

    fn verify(&mut self) {
        if self.has_script {
            self.run_script();
        }
        self.test(false);
        if self.plan.change.has_test() {
            self.add_test();
        }
        if self.plan.change == Change::Noted {
            let (old, new) = self.task.note(&mut self.files);
            let replaced = self
                .tools
                .replaced(&self.files, "CHANGELOG.md", 3, &old, &new);
            self.turn(Aim::Note, "CHANGELOG.md", "", vec![replaced]);
        }
        self.wander(PHASES[3]);
        if self.plan.change == Change::Nothing {
            self.take_back();
        }
        if self.has_script && self.draw.chance(if self.plan.solved { 0.93 } else { 0.75 }) {
            let (script, _) = &self.task.script;
            self.files.remove(script);
            self.has_script = false;
            let removed = self.tools.run(&format!("rm {script}"), "", 0);
            self.turn(Aim::CleanUp, script, "", vec![removed]);
        }
    }

    fn take_back(&mut self) {
        self.files.restore();
        self.has_script = false;
        let restored = self.tools.run("git checkout -- . && git clean -fdq", "", 0);
        self.turn(Aim::TakeBack, "", "", vec![restored]);
    }

    fn finish(&mut self) {
        if self.plan.cut_short {
            // A run that met its limit of turns ends with a call that nobody answered.
            self.search();
            return self.transcript.cut();
        }
        let harness = self.tools.harness;
        let done = if self.plan.change == Change::Nothing {
            "false"
        } else {
            "true"
        };
        let (arguments, observation) = match harness {
            Harness::OpenHands => (
                json!({"message": self.summary(), "task_completed": done}),
                "All done! What's next on the agenda?",
            ),
            Harness::SweAgent => (json!({}), "The changes were submitted."),
        };
        let end = Action {
            tool: harness.end(),
            arguments,
            observation: harness.said(observation.to_owned()),
        };
        self.turn(Aim::Finish, "", "", vec![end]);
        if self.draw.chance(0.7) {
            self.transcript.cut();
        }
    }

    fn summary(&self) -> String {
        let name = |fix: Option<&Fix>| fix.map_or(String::new(), |fix| fix.name.clone());
        match self.plan.change {
            Change::Nothing => "I could not find a change that solves the issue without breaking something else, so I left the files as they were.".to_owned(),
            Change::Elsewhere => format!(
                "I changed `{}`, so that the behaviour that the issue describes should no longer occur.",
                name(self.task.elsewhere.as_ref())
            ),
            Change::Part | Change::PartTested => format!(
                "I fixed `{}`. The example of the issue should behave as expected now.",
                name(self.task.fixes.first())
            ),
            _ => self.task.words(&format!(
                "The problem was that {}. The change: {}. The tests pass.",
                self.task.bug.cause, self.task.bug.fix
            )),
        }
    }

    /// Takes steps that lead nowhere in particular until a share of the turns is spent.
    fn wander(&mut self, share: f64) {
        let until = f64::from(self.plan.turns) * share;
        while f64::from(self.transcript.turns) < until {
            if self.draw.chance(self.plan.slips) {
                self.slip();
                continue;
            }
            let task = self.task;
            match self.draw.below(20) {
                0..=2 => self.search(),
                3..=4 => self.read(Aim::ReadAgain, std::slice::from_ref(&task.source)),
                5..=7 => {
                    let path = task.fixes.last().map_or(&task.source, |fix| &fix.path);
                    self.read(Aim::ReadAgain, std::slice::from_ref(path));
                }
                8..=9 => self.read(Aim::ReadSibling, &task.siblings),
                10..=11 => self.read(Aim::ReadTest, std::slice::from_ref(&task.test)),
                12 => self.read(Aim::ReadProject, &task.papers),
                13..=15 => {
                    let all = self.draw.chance(0.25);
                    self.test(all);
                }
                16 => self.lint(),
                17 if self.has_script => self.run_script(),
                18 => self.diff(),
                _ => self.search(),
            }
        }
    }

    /// A step that goes wrong by the harness's own words.
    fn slip(&mut self) {
        match self.draw.below(4) {
            0 => {
                let (folder, _) = self.task.source.rsplit_once('/').unwrap_or_default();
                let name = self.draw.pick(&["helpers", "utils", "cache", "index"]);
                let path = format!("{folder}/{name}.{}", self.task.language.extension);
                let missing = self.tools.missing(&path);
                self.turn(Aim::Missing, &path, "", vec![missing]);
            }
            1 => {
                let command =
                    self.draw
                        .pick(&["rg -n TODO", "tree -L 2", "ctags -R .", "fd store"]);
                let program = command.split(' ').next().unwrap_or_default();
                let failed = format!("bash: {program}: command not found\n");
                let action = self.tools.run(command, &failed, 127);
                self.turn(Aim::Search, "", program, vec![action]);
            }
            _ => self.failed_edit(),
        }
    }

    /// An edit of lines whose indentation was got wrong, and a look at what they are.
    fn failed_edit(&mut self) {
        let Some(fix) = self.task.fixes.first() else {
            return;
        };
        let mut old = format!(
            "{}\n",
            fix.old
                .trim_end()
                .replace("    ", "   ")
                .replace('\t', "    ")
        );
        while self.files.text(&fix.path).contains(&old) {
            old.insert_str(0, "  ");
        }
        let failed = self.tools.not_replaced(&fix.path, &old, &fix.new);
        self.turn(Aim::Edit, &fix.path, &fix.name, vec![failed]);
        let line = self.files.line_of(&fix.path, &fix.before).unwrap_or(1);
        let around = (line.saturating_sub(4).max(1), line + 12);
        let view = self.tools.view(&self.files, &fix.path, Some(around));
        self.turn(Aim::ReadBack, &fix.path, "", vec![view]);
    }

    fn edit_all(&mut self, fixes: &[Fix]) {
        let [_, from, to, _] = PHASES;
        let step = (to - from) / (fixes.len() as f64 + 1.0);
        for (at, fix) in fixes.iter().enumerate() {
            self.edit(fix);
            self.wander(from + step * (at as f64 + 1.0));
        }
    }

    fn edit(&mut self, fix: &Fix) {
        if self.draw.chance(self.plan.slips * 2.0) {
            self.failed_edit();
        }
        let new = if self.plan.change == Change::Commented {
            self.commented(fix)
        } else {
            fix.new.clone()
        };
        if let Some(line) = self.files.replace(&fix.path, &fix.old, &new) {
            let replaced = self
                .tools
                .replaced(&self.files, &fix.path, line, &fix.old, &new);
            self.turn(Aim::Edit, &fix.path, &fix.name, vec![replaced]);
        }
    }

    /// The right lines with a comment above them.
    fn commented(&self, fix: &Fix) -> String {
        let rest = fix.new.strip_prefix(&fix.before).unwrap_or(&fix.new);
        let indent: String = rest
            .chars()
            .take_while(|c| matches!(c, ' ' | '\t'))
            .collect();
        let note = self.task.words(self.task.bug.note);
        format!(
            "{}{indent}{} {note}\n{rest}",
            fix.before, self.task.language.comment
        )
    }

    fn add_test(&mut self) {
        let (path, line, text) = (
            &self.task.test,
            self.task.test_line,
            &self.task.added_test.new,
        );
        self.files.insert(path, line, text);
        let inserted = self.tools.inserted(&self.files, path, line, text);
        self.turn(Aim::AddTest, path, "", vec![inserted]);
        self.test(false);
    }

    fn search(&mut self) {
        let (symbol, action) = self.searched();
        self.turn(Aim::Search, "", &symbol, vec![action]);
    }

    /// A search for something of the project, and what it was.
    fn searched(&mut self) -> (String, Action) {
        let noun = self.task.nouns.noun;
        let symbol = match self.draw.below(5) {
            0 => capital(noun),
            1 => self
                .draw
                .pick(&["settings", "names", "page", "label", "separator"])
                .to_owned(),
            2 => self
                .draw
                .pick(&["rename", "remove", "alpha", "prefix", "key"])
                .to_owned(),
            at => self.task.place(at as usize - 3).to_owned(),
        };
        let limit = self.draw.between(12, 30) as usize;
        let found = self.files.grep(&symbol, limit);
        let command = format!("grep -rn \"{symbol}\" . | head -{limit}");
        let action = self.tools.run(&command, &found, 0);
        (symbol, action)
    }

    /// One of these files or a part of it; now and then a search in the same turn.
    fn read(&mut self, aim: Aim, paths: &[String]) {
        let at = self
            .draw
            .below(u32::try_from(paths.len()).unwrap_or_default());
        let Some(path) = paths.get(at as usize) else {
            return;
        };
        let range = if self.draw.chance(0.7) {
            self.range(path)
        } else {
            None
        };
        let mut actions = vec![self.tools.view(&self.files, path, range)];
        if self.draw.chance(0.07) {
            actions.push(self.searched().1);
        }
        self.turn(aim, path, "", actions);
    }

    /// Twenty to sixty lines of a file; `None` where it is short.
    fn range(&mut self, path: &str) -> Option<(usize, usize)> {
        let lines = u32::try_from(self.files.text(path).lines().count()).unwrap_or(u32::MAX);
        let first = self.draw.between(1, lines.saturating_sub(25).max(1));
        let last = first.saturating_add(self.draw.between(20, 60)).min(lines);
        (lines > 40).then_some((first as usize, last as usize))
    }

    fn test(&mut self, all: bool) {
        let task = self.task;
        let (script, _) = &task.script;
        let files: Vec<String> = if all {
            let tests = self
                .files
                .paths()
                .filter(|path| path.contains("test") && path != script);
            tests.map(str::to_owned).collect()
        } else {
            vec![task.test.clone()]
        };
        let command = if all {
            task.language.suite.all.to_owned()
        } else {
            suite::command(task.language, &task.test)
        };
        self.run_tests(Aim::RunTests, &command, &files);
    }

    fn run_script(&mut self) {
        let (script, _) = &self.task.script;
        let command = suite::command(self.task.language, script);
        self.run_tests(Aim::RunScript, &command, std::slice::from_ref(script));
    }

    fn run_tests(&mut self, aim: Aim, command: &str, files: &[String]) {
        let (task, fixed) = (self.task, self.fixed);
        let fails = |name: &str| !fixed && name == task.added_test.name;
        let output = suite::run(task, &self.files, files, self.draw, fails);
        let action = self.tools.run(command, &output.text, output.exit);
        let file = files.first().map_or("", String::as_str);
        self.turn(aim, file, command, vec![action]);
    }

    fn lint(&mut self) {
        let (command, output) = self.task.language.lint;
        let action = self.tools.run(command, output, 0);
        self.turn(Aim::Lint, "", command, vec![action]);
    }

    fn diff(&mut self) {
        let patch = self.files.patch().text;
        let action = self.tools.run("git add -N . && git diff", &patch, 0);
        self.turn(Aim::Diff, "", "", vec![action]);
    }

    /// A thought: a tool of its own in OpenHands, else beside a search.
    fn think(&mut self, thought: &str) {
        let thought = self.task.words(thought);
        if self.tools.harness == Harness::OpenHands && self.draw.chance(0.4) {
            let action = Action {
                tool: "think",
                arguments: json!({"thought": thought}),
                observation: "Your thought has been logged.".to_owned(),
            };
            let words = "Let me think this through.".to_owned();
            self.transcript.act(words.clone(), words, vec![action]);
        } else {
            let (_, action) = self.searched();
            self.transcript.act(thought.clone(), thought, vec![action]);
        }
    }

    /// One turn: what is said, what is called, what comes back. `what` is a symbol or a command.
    fn turn(&mut self, aim: Aim, path: &str, what: &str, actions: Vec<Action>) {
        let mut words = self.spoken(aim.sentences(), path, what);
        if self.draw.chance(0.004) {
            self.malformed(&words, &actions);
            words = self.spoken(Aim::Retry.sentences(), path, what);
        }
        let mut thought = format!("{}{words}", self.draw.pick(&OPENERS));
        for _ in 0..self.draw.below(3) {
            let more = self.spoken(aim.thoughts(), path, what);
            if !thought.contains(&more) {
                thought = format!("{more} {thought}");
            }
        }
        self.transcript.act(words, thought, actions);
    }

    /// The same call with arguments that end too early, and the harness's answer.
    fn malformed(&mut self, words: &str, actions: &[Action]) {
        let Some(action) = actions.first() else {
            return;
        };
        let mut arguments = action.arguments.to_string();
        arguments.pop();
        let calls = vec![(action.tool, arguments)];
        self.transcript
            .call(words.to_owned(), words.to_owned(), calls);
        let error =
            "ERROR:\nThe arguments of this call are no valid JSON: unexpected end of input.";
        let said = self.tools.harness.said(error.to_owned());
        self.transcript.say("tool", said);
    }

    /// One of these sentences with its names filled in.
    fn spoken(&mut self, sentences: &[&'static str], path: &str, what: &str) -> String {
        let file = path.rsplit('/').next().unwrap_or(path);
        let sentence = self.draw.pick(sentences);
        self.task.words(
            &sentence
                .replace("{file}", file)
                .replace("{symbol}", what)
                .replace("{command}", what),
        )
    }
}
