//! One trajectory into several rows of so many tokens at most. Each begins with the task, and no call is parted from
//! its result.

use std::collections::HashMap;
use std::ops::Range;

use super::{Mended, Part};
use crate::tokens::Counter;
use crate::tokens::template::Arguments;
use crate::trace::borrow::moved;
use crate::trace::{Message, Role, Trajectory, borrow};

/// Where a trajectory is cut.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cut {
    /// All that stands before the first assistant message, the system prompt and the task: every part begins with it.
    head: Range<usize>,
    /// What follows it, part by part.
    bodies: Vec<Body>,
    /// Tokens of the head and of the tools, where they alone are more than a part may have.
    pub(super) too_long: Option<u64>,
}

/// The messages of one part after the head.
#[derive(Debug, Clone, PartialEq)]
struct Body {
    messages: Range<usize>,
    /// Whether it can't be cut further.
    is_block: bool,
}

/// Cuts before assistant messages; `None` where one part is enough. Tool schemas count in each part.
///
/// A stretch that can't be cut and is longer than `limit` is a part of its own; the check then finds it too long.
///
/// What a chat template adds is known of a whole part only: where it makes a part too long, shorter texts are tried.
pub(super) fn at_turns(
    whole: &Part,
    limit: u64,
    arguments: Option<Arguments>,
    counter: &Counter,
) -> Option<Cut> {
    /// Halvings of what is left between too long and shorter than needed.
    const TRIES: u32 = 6;
    let mut cutter = Cutter::new(whole, limit, arguments, counter)?;
    let mut cut = cutter.at_texts(limit);
    if cut.bodies.len() > 1 {
        cut.too_long = cutter.head_tokens().filter(|&tokens| tokens > limit);
    }
    if cut.too_long.is_none() && counter.has_template() && !cutter.fits(&cut) {
        let (mut low, mut high) = (0, limit);
        cut = cutter.at_texts(low);
        for _ in 0..TRIES {
            let middle = low.midpoint(high);
            let tried = cutter.at_texts(middle);
            match cutter.fits(&tried) {
                true => (low, cut) = (middle, tried),
                false => high = middle,
            }
        }
    }
    (cut.bodies.len() > 1).then_some(cut)
}

impl Cut {
    /// The parts of the trajectory that was cut, each made when it is asked for.
    pub(super) fn parts<'s>(&'s self, whole: &'s Part) -> impl Iterator<Item = Part<'s>> {
        let of = u32::try_from(self.bodies.len()).unwrap_or(u32::MAX);
        (1..).zip(&self.bodies).map(move |(number, body)| Part {
            number,
            of,
            mended: match number {
                1 => whole.mended,
                _ => Mended::default(),
            },
            ..piece(whole, &self.head, &body.messages)
        })
    }
}

/// A trajectory that is being cut. Its messages are counted once, and no part is rendered twice.
struct Cutter<'w> {
    whole: &'w Part<'w>,
    limit: u64,
    /// How the trainer hands arguments to the template.
    arguments: Option<Arguments>,
    counter: &'w Counter,
    head: Range<usize>,
    blocks: Vec<Range<usize>>,
    /// Tokens before each message, so that a stretch is a difference.
    before: Vec<u64>,
    /// Tokens of the head and of the tools.
    fixed: u64,
    /// Tokens of parts with what the template adds, by the messages of their bodies.
    rendered: HashMap<Range<usize>, u64>,
}

impl<'w> Cutter<'w> {
    /// `None` where no assistant speaks.
    fn new(
        whole: &'w Part<'w>,
        limit: u64,
        arguments: Option<Arguments>,
        counter: &'w Counter,
    ) -> Option<Self> {
        let messages = &whole.trajectory.messages;
        let blocks = blocks(messages);
        let head = 0..blocks.first()?.start;
        let mut before = vec![0];
        let mut sum = 0;
        for message in messages {
            sum += counter.message(message).total();
            before.push(sum);
        }
        let mut cutter = Self {
            whole,
            limit,
            arguments,
            counter,
            head,
            blocks,
            before,
            fixed: counter.tools(&whole.trajectory).total(),
            rendered: HashMap::new(),
        };
        cutter.fixed += cutter.sum(&cutter.head);
        Some(cutter)
    }

    /// Tokens of the texts of these messages.
    fn sum(&self, messages: &Range<usize>) -> u64 {
        let before = |at: usize| self.before.get(at).copied().unwrap_or_default();
        before(messages.end).saturating_sub(before(messages.start))
    }

    /// Cuts by the tokens of the texts alone.
    fn at_texts(&self, limit: u64) -> Cut {
        let mut bodies: Vec<Body> = Vec::new();
        for block in &self.blocks {
            let longer = bodies.last().map(|open| open.messages.start..block.end);
            match (bodies.last_mut(), longer) {
                (Some(open), Some(longer)) if self.fixed + self.sum(&longer) <= limit => {
                    *open = Body {
                        messages: longer,
                        is_block: false,
                    };
                }
                _ => bodies.push(Body {
                    messages: block.clone(),
                    is_block: true,
                }),
            }
        }
        Cut {
            head: self.head.clone(),
            bodies,
            too_long: None,
        }
    }

    /// Tokens of the head and of the tools, template and all; `None` where the template wants more than a head.
    fn head_tokens(&self) -> Option<u64> {
        if !self.counter.has_template() {
            return Some(self.fixed);
        }
        let head = piece(self.whole, &self.head, &(0..0));
        let (tokens, why) = self.counter.row_given(&head.trajectory, self.arguments);
        why.is_none().then(|| tokens.total_with_template())
    }

    /// Whether all parts are within the limit, template and all; a stretch that can't be cut is as good as it gets. The
    /// longest part comes first, since it most likely tells.
    fn fits(&mut self, cut: &Cut) -> bool {
        let bodies = cut.bodies.iter().filter(|body| !body.is_block);
        let mut bodies: Vec<&Range<usize>> = bodies.map(|body| &body.messages).collect();
        bodies.sort_by_key(|body| std::cmp::Reverse(self.sum(body)));
        bodies
            .into_iter()
            .all(|body| self.tokens(body) <= self.limit)
    }

    /// The tokens of the part with this body, with what the template adds.
    fn tokens(&mut self, body: &Range<usize>) -> u64 {
        if let Some(&tokens) = self.rendered.get(body) {
            return tokens;
        }
        let part = piece(self.whole, &self.head, body);
        let (tokens, _) = self.counter.row_given(&part.trajectory, self.arguments);
        let tokens = tokens.total_with_template();
        self.rendered.insert(body.clone(), tokens);
        tokens
    }
}

/// The messages of `head` and of `body`, which comes after it; all texts are borrowed.
fn piece<'s>(whole: &'s Part, head: &Range<usize>, body: &Range<usize>) -> Part<'s> {
    let place = |at: usize| match at {
        at if head.contains(&at) => Some(at - head.start),
        at if body.contains(&at) => Some(at - body.start + head.len()),
        _ => None,
    };
    let all = &whole.trajectory;
    let of = |range: &Range<usize>| all.messages.get(range.clone()).unwrap_or_default();
    let messages = of(head).iter().chain(of(body));
    let messages = messages.map(|message| moved(borrow::message(message), place));
    let marks = |range: &Range<usize>| whole.marks.get(range.clone()).unwrap_or_default();
    Part {
        trajectory: Trajectory {
            messages: messages.collect(),
            ..borrow::without_messages(all)
        },
        marks: [marks(head), marks(body)].concat(),
        number: whole.number,
        of: whole.of,
        tools_from: whole.tools_from,
        mended: Mended::default(),
    }
}

/// The stretches that must not be cut: each begins with an assistant message and holds the results of all its calls.
fn blocks(messages: &[Message]) -> Vec<Range<usize>> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut answered_by = 0;
    for (at, message) in messages.iter().enumerate() {
        match blocks.last_mut() {
            Some(block) if message.role != Role::Assistant || at <= answered_by => {
                block.end = at + 1;
            }
            None if message.role != Role::Assistant => continue,
            _ => blocks.push(at..at + 1),
        }
        let answers = message.calls.iter().filter_map(|call| call.answer);
        answered_by = answers.max().unwrap_or_default().max(answered_by);
    }
    blocks
}
